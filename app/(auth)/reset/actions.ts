"use server";

import { usePasswordLink } from "@/lib/access/passwords/mutations";
import { usePasswordLinkSchema } from "@/lib/access/passwords/schema";
import { definePublicAction } from "@/lib/http/action";
import { rememberDevice } from "@/lib/http/auth/device-cookie";

export const usePasswordLinkAction = definePublicAction(usePasswordLinkSchema, async (input) => {
  const { email } = await usePasswordLink(input);
  // Strangers who tried passwords for this account slow its owner down no longer.
  await rememberDevice(email);
  return { email };
});
