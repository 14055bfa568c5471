/** RFC 9110 §9.2.1 */
export const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

export type Sender = { origin: string | null | undefined; site: string | null | undefined };

/** Never by Host or X-Forwarded-Host, which clients can forge (OWASP ASVS 3.5.1). */
export function isFromElsewhere({ origin, site }: Sender, own: string): boolean {
  // An empty Origin is no browser's, and Next.js fails on it.
  if (typeof origin === "string") return origin !== own;
  return Boolean(site) && site !== "same-origin" && site !== "none";
}
