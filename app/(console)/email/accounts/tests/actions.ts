"use server";

import { revalidatePath } from "next/cache";
import { cancelTestRun, startTestRun } from "@/lib/checks/runs/mutations";
import { cancelTestRunSchema, startTestRunSchema } from "@/lib/checks/runs/schema";
import { defineAction } from "@/lib/http/action";

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
