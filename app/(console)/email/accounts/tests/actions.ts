"use server";

import { revalidatePath } from "next/cache";
import { defineAction } from "@/lib/http/action";
import { cancelTestRun, startTestRun } from "@/lib/test-runs/mutations";
import { cancelTestRunSchema, startTestRunSchema } from "@/lib/test-runs/schema";

const LIST = "/email/accounts/tests";

export const startTestRunAction = defineAction(startTestRunSchema, async (actor, input) => {
  const started = await startTestRun(actor, input);
  revalidatePath(LIST, "layout");
  return started;
});

export const cancelTestRunAction = defineAction(cancelTestRunSchema, async (actor, input) => {
  await cancelTestRun(actor, input);
  revalidatePath(LIST, "layout");
  return null;
});
