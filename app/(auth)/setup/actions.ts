"use server";

import { setUpSchema } from "@/lib/administrators/schema";
import { setUp } from "@/lib/administrators/set-up";
import { rememberDevice } from "@/lib/auth/device-cookie";
import { definePublicAction } from "@/lib/http/action";

export const setUpAction = definePublicAction(setUpSchema, async (input) => {
  await setUp(input);
  // Where strangers try passwords, whoever is new is not kept out by them either.
  await rememberDevice(input.email);
  return null;
});
