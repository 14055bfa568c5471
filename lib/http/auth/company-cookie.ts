import "server-only";
import { decode, encode } from "next-auth/jwt";
import { z } from "zod";
import type { Purpose } from "@/lib/access/company/round";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { deriveKey } from "@/lib/kernel/crypto";
import { env } from "@/lib/kernel/env";
import { idSchema } from "@/lib/kernel/fields/schema";

/** As long as next-auth keeps state, nonce and verifier. */
const LIFE_S = (15 * MINUTE_MS) / SECOND_MS;

const purposeSchema: z.ZodType<Purpose> = z.discriminatedUnion("for", [
  z.object({ for: z.literal("sign_in") }),
  z.object({ for: z.literal("test"), sessionId: idSchema }),
  z.object({ for: z.literal("link"), sessionId: idSchema }),
  z.object({ for: z.literal("proof"), sessionId: idSchema, askedAt: z.number() }),
  z.object({ for: z.literal("invitation"), tokenHash: z.string() }),
]);

/** The header with which a browser remembers what it was sent to its company for. */
export async function purposeCookie(purpose: Purpose): Promise<string> {
  const value = await encode({ token: { ...purpose }, secret: secret(), maxAge: LIFE_S });
  return cookie(value, LIFE_S);
}

export function forgottenPurpose(): string {
  return cookie("", 0);
}

/** @returns a sign-in where nothing else was remembered */
export async function readPurpose(request: {
  cookies: { get(name: string): { value: string } | undefined };
}): Promise<Purpose> {
  const token = request.cookies.get(cookieName())?.value;
  const stored = token ? await decode({ token, secret: secret() }).catch(() => null) : null;
  return purposeSchema.safeParse(stored).data ?? { for: "sign_in" };
}

function cookie(value: string, maxAgeS: number): string {
  const secure = isSecure() ? "; Secure" : "";
  // The company sends the browser back from another site.
  return `${cookieName()}=${value}; Max-Age=${maxAgeS}; Path=/; HttpOnly; SameSite=Lax${secure}`;
}

function cookieName(): string {
  return isSecure() ? "__Host-postkey.company" : "postkey.company";
}

function isSecure(): boolean {
  return env().url.protocol === "https:";
}

function secret(): string {
  return deriveKey(env().keyring, "company-purpose");
}
