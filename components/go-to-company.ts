"use client";

import { signIn } from "next-auth/react";

type Purpose =
  | { purpose: "sign_in" | "test" | "link" | "proof" }
  | { purpose: "invitation"; token: string };

/** Sends the browser to a company, to come back for what it went for. */
export async function goToCompany(
  slug: string,
  { callbackUrl = "/", ...purpose }: Purpose & { callbackUrl?: string },
): Promise<void> {
  await signIn(slug, { callbackUrl, ...purpose });
}
