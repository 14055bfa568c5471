/** Change nothing, from whichever site they are asked for (RFC 9110 §9.2.1). */
export const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** What a browser says of where a request comes from. */
export type Sender = { origin: string | null | undefined; site: string | null | undefined };

/**
 * Whether a browser says that a request comes from another site than POSTKEY_URL. What the request says of its own
 * host counts for nothing: clients can forge Host and X-Forwarded-Host (OWASP ASVS 3.5.1).
 *
 * @param site `Sec-Fetch-Site`, for browsers that send no Origin; programs send neither
 */
export function isFromElsewhere({ origin, site }: Sender, own: string): boolean {
  // An empty one is no browser's, and Next.js fails on it.
  if (typeof origin === "string") return origin !== own;
  return Boolean(site) && site !== "same-origin" && site !== "none";
}
