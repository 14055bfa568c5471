import "server-only";
import { cookies } from "next/headers";
import { PENDING_LIFE_MS } from "@/lib/access/factors/store";
import { SECOND_MS } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";

/** What binds to a browser what it began: the second half of a sign-in, the challenge of a passkey. */
export type Ceremony = "second-factor" | "passkey";

export async function readCeremony(ceremony: Ceremony): Promise<string | undefined> {
  return (await cookies()).get(cookieName(ceremony))?.value;
}

export async function rememberCeremony(ceremony: Ceremony, token: string): Promise<void> {
  (await cookies()).set(cookieName(ceremony), token, {
    httpOnly: true,
    sameSite: "strict",
    path: "/",
    secure: isSecure(),
    maxAge: PENDING_LIFE_MS / SECOND_MS,
  });
}

export async function forgetCeremony(ceremony: Ceremony): Promise<void> {
  (await cookies()).delete({ name: cookieName(ceremony), path: "/" });
}

function cookieName(ceremony: Ceremony): string {
  return isSecure() ? `__Host-postkey.${ceremony}` : `postkey.${ceremony}`;
}

function isSecure(): boolean {
  return env().url.protocol === "https:";
}
