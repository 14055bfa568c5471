"use server";

import { redirect } from "next/navigation";
import { signOut } from "@/lib/http/auth/session";

/** Ends the session of whoever calls; there is nothing to prove. */
export async function signOutAction(): Promise<void> {
  await signOut();
  redirect("/sign-in");
}
