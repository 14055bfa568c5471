"use server";

import { setUpSchema } from "@/lib/access/administrators/schema";
import { setUp } from "@/lib/access/administrators/set-up";
import { definePublicAction } from "@/lib/http/action";
import { rememberDevice } from "@/lib/http/auth/device-cookie";

export const setUpAction = definePublicAction(setUpSchema, async (input) => {
  await setUp(input);
  // Where strangers try passwords, whoever is new is not kept out by them either.
  await rememberDevice(input.email);
});
