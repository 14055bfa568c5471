import { signIn } from "next-auth/react";
import { SECOND_FACTOR_NEEDED } from "@/lib/http/auth/schema";
import type { ActionResult } from "@/lib/http/schema";

export type Began = "session" | "second_factor";

/** next-auth answers in its own shape; our refusal's message is its `error`. */
export async function requestSession(
  provider: "credentials" | "second-factor" | "passkey",
  input: Record<string, string>,
): Promise<ActionResult<Began>> {
  const result = await signIn(provider, { ...input, redirect: false });
  if (result?.ok && !result.error) return { ok: true, data: "session" };
  if (result?.error === SECOND_FACTOR_NEEDED) return { ok: true, data: "second_factor" };
  const isOurs = result?.error?.includes(" ");
  const message = isOurs ? result?.error : undefined;
  return {
    ok: false,
    error: {
      code: "unauthenticated",
      message: message ?? "Could not sign in. The database may be down. Try again in a moment.",
    },
  };
}

/** @returns null if something else is needed, which the sign-in page says */
export async function enter(email: string, password: string): Promise<Began | null> {
  const began = await requestSession("credentials", { email, password }).catch(() => null);
  return began?.ok ? began.data : null;
}
