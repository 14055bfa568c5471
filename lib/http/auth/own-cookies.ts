import "server-only";
import { cookies } from "next/headers";
import { SECOND_MS } from "@/lib/kernel/clock";
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

type Kept = { sameSite: "lax" | "strict"; lifeMs: number };

export async function setCookie(
  name: string,
  value: string,
  { sameSite, lifeMs }: Kept,
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
export const forgetCeremony = (ceremony: Ceremony) => deleteCookie(ceremony);

export const readBrowserCookie = () => readCookie("browser");
/** Its failed sign-ins are counted separately. */
export const rememberBrowser = (email: string) =>
  setCookie("browser", newBrowser(emailKey(email)), { sameSite: "lax", lifeMs: BROWSER_LIFE_MS });
