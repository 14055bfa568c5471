"use server";

import { definePublicAction } from "@/lib/http/action";
import { rememberBrowser } from "@/lib/http/auth/own-cookies";
import { invitationTokenSchema, setUpSchema } from "@/lib/people/administrators/schema";
import { findInvitation, setUp } from "@/lib/people/administrators/set-up";

export const findInvitationAction = definePublicAction(invitationTokenSchema, findInvitation);

export const setUpAction = definePublicAction(setUpSchema, async (input) => {
  await setUp(input);
  // While strangers try passwords, a new administrator is not slowed by their attempts either.
  await rememberBrowser(input.email);
});
