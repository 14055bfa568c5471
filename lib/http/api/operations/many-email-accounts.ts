import { z } from "zod";
import { startTestRun } from "@/lib/checks/runs/mutations";
import { startTestRunSchema } from "@/lib/checks/runs/schema";
import { changeAccounts, deleteAccounts } from "@/lib/email-accounts/bulk/mutations";
import { changeAccountsSchema, deleteAccountsSchema } from "@/lib/email-accounts/bulk/schema";
import { defineOperation } from "../operation";

const tag = "Email accounts";

const result = z.object({
  changed: z.number().int(),
  unchanged: z.number().int().describe("Accounts that already had the value."),
  missing: z.number().int().describe("Selected accounts that no longer exist."),
  refused: z
    .array(z.object({ id: z.uuid(), name: z.string(), reason: z.string() }))
    .describe("Accounts that can't have the value. They were left unchanged."),
});

const WHICH =
  "Select accounts by id, up to 1,000, or with `accounts: all` those that a search and filters find. Then `expected` is the number you saw: if it differs, nothing is changed (`stale`).";

export const changeEmailAccountsOperation = defineOperation({
  id: "changeEmailAccounts",
  method: "POST",
  path: "/api/emailAccounts/changes",
  tag,
  summary: "Change many email accounts",
  description: `Gives up to 10,000 accounts one value, all in one transaction. ${WHICH}`,
  permission: "accounts:write",
  body: changeAccountsSchema,
  errors: ["stale"],
  answer: { status: 200, description: "What became of each account.", schema: result },
  handle: ({ actor, body }) => changeAccounts(actor, body),
});

export const deleteEmailAccountsOperation = defineOperation({
  id: "deleteEmailAccounts",
  method: "POST",
  path: "/api/emailAccounts/deletions",
  tag,
  summary: "Delete many email accounts",
  description: `Deletes up to 10,000 accounts with their test reports. ${WHICH}`,
  permission: "accounts:write",
  body: deleteAccountsSchema,
  errors: ["stale"],
  answer: { status: 200, description: "How many were deleted.", schema: result },
  handle: ({ actor, body }) => deleteAccounts(actor, body),
});

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
    schema: z.object({ id: z.uuid(), leftOut: z.number().int() }),
  },
  handle: ({ actor, body }) => startTestRun(actor, body),
});
