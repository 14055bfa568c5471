const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/**
 * “27 May 2027”, in UTC, as days are entered. Making an Intl.DateTimeFormat keeps a phone busy longer than
 * all that a list writes with it.
 */
export function dayText(at: Date): string {
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
}
