import { cookies } from "next/headers";
import { decode, encode } from "next-auth/jwt";
import type { z } from "zod";
import { SECOND_MS } from "@/lib/kernel/clock";
import { deriveKey } from "@/lib/kernel/crypto";
import { env } from "@/lib/kernel/env";
import { emailKey } from "@/lib/kernel/text/normalize";
import { BROWSER_LIFE_MS, newBrowser } from "@/lib/people/administrators/browsers";
import { PENDING_LIFE_MS } from "@/lib/people/factors/store";

/** `__Host-` (RFC 6265bis §4.1.3.2) needs https; on loopback, http is allowed. */
export function cookieName(name: string): string {
  return isSecure() ? `__Host-postkey.${name}` : `postkey.${name}`;
}

export function isSecure(): boolean {
  return env().url.protocol === "https:";
}

export async function readCookie(name: string): Promise<string | undefined> {
  return (await cookies()).get(cookieName(name))?.value;
}

export function cookieHeader(name: string, value: string, lifeMs: number): string {
  const secure = isSecure() ? "; Secure" : "";
  // The company redirects from another site.
  return `${cookieName(name)}=${value}; Max-Age=${lifeMs / SECOND_MS}; Path=/; HttpOnly; SameSite=Lax${secure}`;
}

type Sealed<S> = { name: string; purpose: string; lifeMs: number; schema: S };

/** What a browser keeps and can neither read nor change. */
export function sealedCookie<S extends z.ZodType>({ name, purpose, lifeMs, schema }: Sealed<S>) {
  const secret = () => deriveKey(env().keyring, purpose);
  return {
    async header(value: object): Promise<string> {
      const token = { ...value };
      const sealed = await encode({ token, secret: secret(), maxAge: lifeMs / SECOND_MS });
      return cookieHeader(name, sealed, lifeMs);
    },
    forgotten: () => cookieHeader(name, "", 0),
    /** Null where there is none, or it is too old. */
    async open(token: string | undefined): Promise<z.output<S> | null> {
      const kept = token ? await decode({ token, secret: secret() }).catch(() => null) : null;
      return schema.safeParse(kept).data ?? null;
    },
  };
}

export async function setCookie(
  name: string,
  value: string,
  { sameSite, lifeMs }: { sameSite: "lax" | "strict"; lifeMs: number },
): Promise<void> {
  const options = { httpOnly: true, sameSite, path: "/", secure: isSecure() };
  (await cookies()).set(cookieName(name), value, { ...options, maxAge: lifeMs / SECOND_MS });
}

export async function deleteCookie(name: string): Promise<void> {
  (await cookies()).delete({ name: cookieName(name), path: "/" });
}

export type Ceremony = "second-factor" | "passkey";

export const readCeremony = (ceremony: Ceremony) => readCookie(ceremony);
export const rememberCeremony = (ceremony: Ceremony, token: string) =>
  setCookie(ceremony, token, { sameSite: "strict", lifeMs: PENDING_LIFE_MS });
/** @returns the options of what was begun, for the browser */
export async function rememberPasskey<T>({ options, token }: { options: T; token: string }) {
  await rememberCeremony("passkey", token);
  return options;
}
export const forgetCeremony = (ceremony: Ceremony) => deleteCookie(ceremony);

export const readBrowserCookie = () => readCookie("browser");
/** Its failed sign-ins are counted separately. */
export const rememberBrowser = (email: string) =>
  setCookie("browser", newBrowser(emailKey(email)), { sameSite: "lax", lifeMs: BROWSER_LIFE_MS });
