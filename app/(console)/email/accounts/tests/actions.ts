"use server";

import { routes } from "@/components/routes";
import { cancelTestRun, startTestRun } from "@/lib/checks/runs/mutations";
import { foreseeTestRun } from "@/lib/checks/runs/queries";
import { startTestRunSchema, testFailedSchema } from "@/lib/checks/runs/schema";
import { actionOf, defineAction } from "@/lib/http/action";

const revalidates = "/email/accounts/tests";

export const startTestRunAction = defineAction(startTestRunSchema, startTestRun, { revalidates });

export const foreseeTestRunAction = defineAction(startTestRunSchema, foreseeTestRun);

export const cancelTestRunAction = actionOf(cancelTestRun, { revalidates });

/** @returns the address of the test run */
export const testFailedAction = defineAction(
  testFailedSchema,
  async (actor, { testRunId, isFresh, ...cause }): Promise<string> => {
    const among = testRunId ? { failedInTestRun: testRunId } : { view: "test_failed" as const };
    const selection = { accounts: "all", search: "", ...among, ...cause } as const;
    return routes.testRun((await startTestRun(actor, selection, { isFresh })).id);
  },
  { revalidates },
);
