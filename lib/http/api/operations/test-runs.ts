import { z } from "zod";
import { startTestRun } from "@/lib/checks/runs/mutations";
import { startTestRunSchema } from "@/lib/checks/runs/schema";
import { defineOperation } from "../operation";

export const startTestRunOperation = defineOperation({
  id: "startTestRun",
  method: "POST",
  path: "/api/testRuns",
  tag: "Connection tests",
  summary: "Test many email accounts",
  description:
    "Keepers test the selected accounts, several at a time (`POSTKEY_TESTS_AT_ONCE`). With `accounts: all`, inactive accounts are left out.",
  permission: "accounts:test",
  body: startTestRunSchema,
  errors: ["conflict"],
  answer: {
    status: 201,
    description: "The test run was started.",
    schema: z.object({
      id: z.uuid(),
      leftOut: z.number().int().describe("Inactive accounts that are not tested."),
    }),
  },
  handle: ({ actor, body }) => startTestRun(actor, body),
});
