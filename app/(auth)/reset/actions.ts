"use server";

import { findPasswordLink, usePasswordLink } from "@/lib/access/passwords/mutations";
import { passwordLinkTokenSchema, usePasswordLinkSchema } from "@/lib/access/passwords/schema";
import { definePublicAction } from "@/lib/http/action";
import { rememberDevice } from "@/lib/http/auth/own-cookies";

export const findPasswordLinkAction = definePublicAction(passwordLinkTokenSchema, findPasswordLink);

export const choosePasswordAction = definePublicAction(usePasswordLinkSchema, async (input) => {
  const { email } = await usePasswordLink(input);
  // Strangers who tried passwords for this account slow its owner down no longer.
  await rememberDevice(email);
});
