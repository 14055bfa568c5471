"use server";

import { invitationTokenSchema, setUpSchema } from "@/lib/access/administrators/schema";
import { findInvitation, setUp } from "@/lib/access/administrators/set-up";
import { definePublicAction } from "@/lib/http/action";
import { rememberDevice } from "@/lib/http/auth/own-cookies";

export const findInvitationAction = definePublicAction(invitationTokenSchema, findInvitation);

export const setUpAction = definePublicAction(setUpSchema, async (input) => {
  await setUp(input);
  // While strangers try passwords, a new administrator is not slowed by their attempts either.
  await rememberDevice(input.email);
});
