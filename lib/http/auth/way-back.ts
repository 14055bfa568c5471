/** Of a request: the address of the page that it is for. proxy.ts sets it, whatever the browser sent. */
export const PAGE_HEADER = "postkey-page";

const START = "/";
/** No page to come back to; that who one is was confirmed is told to the tab that asked. */
const NOWHERE = /^\/(sign-in|setup|reset|confirm(?!\?done$)|second-factor|api)(\/|\?|$)/;
const ADDRESS_MAX = 2_000;

/** The address of the sign-in that leads back to a page. */
export function signInAddress(page: string | null): "/sign-in" | `/sign-in?${string}` {
  const from = wayBack(page ?? START);
  return from === START ? "/sign-in" : `/sign-in?from=${encodeURIComponent(from)}`;
}

/** The same where people sign in at their company, for who asks for the password of an administrator. */
export function passwordSignInAddress(page: string): `/sign-in?${string}` {
  const from = wayBack(page);
  return from === START ? "/sign-in?local" : `/sign-in?local&from=${encodeURIComponent(from)}`;
}

/** Where a second factor is set up or shown, with the way on to a page. */
export function secondFactorAddress(
  page: string | null,
): "/second-factor" | `/second-factor?${string}` {
  const from = wayBack(page ?? START);
  return from === START ? "/second-factor" : `/second-factor?from=${encodeURIComponent(from)}`;
}

/** Where to go after the sign-in: an address of this installation, whatever a link says. */
export function wayBack(address: unknown): string {
  if (typeof address !== "string" || address.length > ADDRESS_MAX) return START;
  // A browser takes “//host” and “/\host” for another site.
  if (!/^\/(?![/\\])/.test(address) || /[\p{Cc}\\]/u.test(address)) return START;
  return NOWHERE.test(address) ? START : address;
}
