"use server";

import { setUpSchema } from "@/lib/administrators/schema";
import { setUp } from "@/lib/administrators/set-up";
import { definePublicAction } from "@/lib/http/action";

export const setUpAction = definePublicAction(setUpSchema, async (input) => {
  await setUp(input);
  return null;
});
