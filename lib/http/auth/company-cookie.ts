import { z } from "zod";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { idSchema } from "@/lib/kernel/fields/schema";
import { BROWSER_LIFE_MS, browserIdOf, newBrowser } from "@/lib/people/administrators/browsers";
import type { Purpose } from "@/lib/people/company/round";
import { cookieHeader, cookieName, sealedCookie } from "./own-cookies";

type Cookies = { cookies: { get(name: string): { value: string } | undefined } };

const purposeSchema: z.ZodType<Purpose> = z.discriminatedUnion("for", [
  z.object({ for: z.literal("sign_in") }),
  z.object({ for: z.literal("test"), sessionId: idSchema }),
  z.object({ for: z.literal("link"), sessionId: idSchema }),
  z.object({ for: z.literal("proof"), sessionId: idSchema, askedAt: z.number() }),
  z.object({ for: z.literal("invitation"), tokenHash: z.string() }),
]);

export const purposeCookie = sealedCookie({
  name: "company",
  purpose: "company-purpose",
  // As long as next-auth keeps state, nonce and verifier.
  lifeMs: 15 * MINUTE_MS,
  // next-auth sets an id per token: each attempt has its own round.
  schema: z.object({ jti: z.string().min(1) }).and(purposeSchema),
});

/** Counts its returns separately from strangers'. */
export function knownBrowser(slug: string): string {
  return cookieHeader("company-browser", newBrowser(browserOf(slug)), BROWSER_LIFE_MS);
}

export function readBrowser(request: Cookies, slug: string): string | null {
  return browserIdOf(request.cookies.get(cookieName("company-browser"))?.value, browserOf(slug));
}

/** No account has such an address. */
function browserOf(slug: string): string {
  return `company:${slug}`;
}

export async function readBegun(request: Cookies) {
  const kept = await purposeCookie.open(request.cookies.get(cookieName("company"))?.value);
  if (!kept) return null;
  const { jti: roundId, ...purpose } = kept;
  return { purpose, roundId };
}
