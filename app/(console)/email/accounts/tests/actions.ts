"use server";

import { cancelTestRun, startTestRun } from "@/lib/checks/runs/mutations";
import { cancelTestRunSchema, startTestRunSchema } from "@/lib/checks/runs/schema";
import { defineAction } from "@/lib/http/action";

const revalidates = "/email/accounts/tests";

export const startTestRunAction = defineAction(startTestRunSchema, startTestRun, { revalidates });

export const cancelTestRunAction = defineAction(cancelTestRunSchema, cancelTestRun, {
  revalidates,
});
