/** As in lib/oauth. */
export const MICROSOFT = "microsoft_azure";
export const GOOGLE = "google";

export function at<E extends object>(service: string, entries: readonly E[]): E[] {
  return entries.map((entry) => ({ ...entry, service }));
}
