/** The services that have remedies of their own, as lib/oauth calls them. */
export const MICROSOFT = "microsoft_azure";
export const GOOGLE = "google";

/** Entries of one service. */
export function at<E extends object>(service: string, entries: readonly E[]): E[] {
  return entries.map((entry) => ({ ...entry, service }));
}
