/** Set by proxy.ts, whatever the browser sent. */
export const PAGE_HEADER = "postkey-page";

const START = "/";
/** A confirmation is told to the tab that asked. */
const NOWHERE = /^\/(sign-in|setup|reset|confirm(?!\?done$)|second-factor|api)(\/|\?|$)/;
const ADDRESS_MAX = 2_000;

export const signInAddress = (page: string | null) => withWayBack("/sign-in", page);
export const passwordSignInAddress = (page: string) => withWayBack("/sign-in", page, ["local"]);
export const secondFactorAddress = (page: string | null) => withWayBack("/second-factor", page);

function withWayBack<P extends string>(
  path: P,
  page: string | null,
  also: readonly string[] = [],
): P | `${P}?${string}` {
  const from = wayBack(page ?? START);
  const back = from === START ? [] : [`from=${encodeURIComponent(from)}`];
  const query = [...also, ...back].join("&");
  return query === "" ? path : `${path}?${query}`;
}

/** Always an address of this installation. */
export function wayBack(address: unknown): string {
  if (typeof address !== "string" || address.length > ADDRESS_MAX) return START;
  // Browsers read “//host” and “/\host” as another site.
  if (!/^\/(?![/\\])/.test(address) || /[\p{Cc}\\]/u.test(address)) return START;
  return NOWHERE.test(address) ? START : address;
}
