/** Set by proxy.ts, whatever the browser sent. */
export const PAGE_HEADER = "postkey-page";

const START = "/";
/** A confirmation is told to the tab that asked. */
const NOWHERE = /^\/(sign-in|setup|reset|confirm(?!\?done$)|second-factor|api)(\/|\?|$)/;
const ADDRESS_MAX = 2_000;

export function signInAddress(page: string | null): "/sign-in" | `/sign-in?${string}` {
  const from = wayBack(page ?? START);
  return from === START ? "/sign-in" : `/sign-in?from=${encodeURIComponent(from)}`;
}

export function passwordSignInAddress(page: string): `/sign-in?${string}` {
  const from = wayBack(page);
  return from === START ? "/sign-in?local" : `/sign-in?local&from=${encodeURIComponent(from)}`;
}

export function secondFactorAddress(
  page: string | null,
): "/second-factor" | `/second-factor?${string}` {
  const from = wayBack(page ?? START);
  return from === START ? "/second-factor" : `/second-factor?from=${encodeURIComponent(from)}`;
}

/** Always an address of this installation. */
export function wayBack(address: unknown): string {
  if (typeof address !== "string" || address.length > ADDRESS_MAX) return START;
  // Browsers read “//host” and “/\host” as another site.
  if (!/^\/(?![/\\])/.test(address) || /[\p{Cc}\\]/u.test(address)) return START;
  return NOWHERE.test(address) ? START : address;
}
