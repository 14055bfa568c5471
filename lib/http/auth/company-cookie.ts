import "server-only";
import { decode, encode } from "next-auth/jwt";
import { z } from "zod";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { deriveKey } from "@/lib/kernel/crypto";
import { env } from "@/lib/kernel/env";
import { idSchema } from "@/lib/kernel/fields/schema";
import { BROWSER_LIFE_MS, browserIdOf, newBrowser } from "@/lib/people/administrators/browsers";
import type { Purpose } from "@/lib/people/company/round";
import { cookieName, isSecure } from "./own-cookies";

/** As long as next-auth keeps state, nonce and verifier. */
const LIFE_S = (15 * MINUTE_MS) / SECOND_MS;

type Cookies = { cookies: { get(name: string): { value: string } | undefined } };

const purposeSchema: z.ZodType<Purpose> = z.discriminatedUnion("for", [
  z.object({ for: z.literal("sign_in") }),
  z.object({ for: z.literal("test"), sessionId: idSchema }),
  z.object({ for: z.literal("link"), sessionId: idSchema }),
  z.object({ for: z.literal("proof"), sessionId: idSchema, askedAt: z.number() }),
  z.object({ for: z.literal("invitation"), tokenHash: z.string() }),
]);

export async function purposeCookie(purpose: Purpose): Promise<string> {
  const value = await encode({ token: { ...purpose }, secret: secret(), maxAge: LIFE_S });
  return cookieHeader("company", value, LIFE_S);
}

export function forgottenPurpose(): string {
  return cookieHeader("company", "", 0);
}

/** Counts its returns separately from strangers'. */
export function knownBrowser(slug: string): string {
  const lifeS = BROWSER_LIFE_MS / SECOND_MS;
  return cookieHeader("company-browser", newBrowser(browserOf(slug)), lifeS);
}

/** @returns null if no one has signed in at the company here */
export function readBrowser(request: Cookies, slug: string): string | null {
  return browserIdOf(request.cookies.get(cookieName("company-browser"))?.value, browserOf(slug));
}

/** No account has such an address. */
function browserOf(slug: string): string {
  return `company:${slug}`;
}

/** Each attempt has its own round. */
export type Begun = { purpose: Purpose; roundId: string };

/** @returns null where nothing was begun in this browser, or too long ago */
export async function readBegun(request: Cookies): Promise<Begun | null> {
  const token = request.cookies.get(cookieName("company"))?.value;
  const stored = token ? await decode({ token, secret: secret() }).catch(() => null) : null;
  const purpose = purposeSchema.safeParse(stored).data;
  const round = roundSchema.safeParse(stored).data;
  return purpose && round ? { purpose, roundId: round.jti } : null;
}

/** next-auth sets an id per token. */
const roundSchema = z.object({ jti: z.string().min(1) });

type CompanyCookie = "company" | "company-browser" | "company-refused";

export function cookieHeader(cookie: CompanyCookie, value: string, maxAgeS: number): string {
  const secure = isSecure() ? "; Secure" : "";
  // The company redirects from another site.
  return `${cookieName(cookie)}=${value}; Max-Age=${maxAgeS}; Path=/; HttpOnly; SameSite=Lax${secure}`;
}

function secret(): string {
  return deriveKey(env().keyring, "company-purpose");
}
