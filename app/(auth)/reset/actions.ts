"use server";

import { definePublicAction } from "@/lib/http/action";
import { rememberBrowser } from "@/lib/http/auth/own-cookies";
import { findPasswordLink, usePasswordLink } from "@/lib/people/passwords/mutations";
import { passwordLinkTokenSchema, usePasswordLinkSchema } from "@/lib/people/passwords/schema";

export const findPasswordLinkAction = definePublicAction(passwordLinkTokenSchema, findPasswordLink);

export const choosePasswordAction = definePublicAction(usePasswordLinkSchema, async (input) => {
  const { email } = await usePasswordLink(input);
  // Strangers who tried passwords for this account slow its owner down no longer.
  await rememberBrowser(email);
});
