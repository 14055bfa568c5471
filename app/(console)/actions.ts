"use server";

import { redirect } from "next/navigation";
import { signOut } from "@/lib/http/auth/session";

/** Ends the caller's session; no proof is needed. */
export async function signOutAction(): Promise<void> {
  await signOut();
  redirect("/sign-in");
}
