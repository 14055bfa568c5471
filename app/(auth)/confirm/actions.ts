"use server";

import { redirect } from "next/navigation";
import { pageAt } from "@/components/routes";
import { signOut } from "@/lib/http/auth/session";
import { signInAddress } from "@/lib/http/auth/way-back";

/** A new session is proof as well, and the only one where a company does not say when it asked. */
export async function signInAgainAction(): Promise<void> {
  await signOut();
  redirect(pageAt(signInAddress("/confirm?done")));
}
