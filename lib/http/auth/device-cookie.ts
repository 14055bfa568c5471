import "server-only";
import { cookies } from "next/headers";
import { DEVICE_LIFE_MS, newDevice } from "@/lib/access/administrators/devices";
import { SECOND_MS } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";
import { emailKey } from "@/lib/kernel/text/normalize";

/** What this browser showed, for `signIn` to judge. */
export async function readDeviceCookie(): Promise<string | undefined> {
  return (await cookies()).get(cookieName())?.value;
}

/** From now on this browser's failed sign-ins are counted separately. */
export async function rememberDevice(email: string): Promise<void> {
  (await cookies()).set(cookieName(), newDevice(emailKey(email)), {
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    secure: isSecure(),
    maxAge: DEVICE_LIFE_MS / SECOND_MS,
  });
}

function cookieName(): string {
  return isSecure() ? "__Host-postkey.device" : "postkey.device";
}

function isSecure(): boolean {
  return env().url.protocol === "https:";
}
