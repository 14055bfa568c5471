"use server";

import { redirect } from "next/navigation";
import { pageAt } from "@/components/routes";
import { signOut } from "@/lib/http/auth/session";

export async function signOutAction(): Promise<void> {
  const atCompany = await signOut();
  redirect(atCompany === null ? "/sign-in" : pageAt(atCompany));
}
