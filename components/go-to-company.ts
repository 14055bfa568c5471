import { signIn } from "next-auth/react";

type Purpose =
  | { purpose: "sign_in" | "test" | "link" | "proof" }
  | { purpose: "invitation"; token: string };

export async function goToCompany(
  slug: string,
  { callbackUrl = "/", ...purpose }: Purpose & { callbackUrl?: string },
): Promise<void> {
  await signIn(slug, { callbackUrl, ...purpose });
}
