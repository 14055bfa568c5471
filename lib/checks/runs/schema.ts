import { z } from "zod";
import { type Selection, selectionSchema } from "@/lib/email-accounts/bulk/schema";
import { accountFilterSchema } from "@/lib/email-accounts/filters/schema";
import { idSchema } from "@/lib/kernel/fields/schema";
import type { FailedAccounts, Remedy } from "@/lib/remedies/remedy";

export const startTestRunSchema = selectionSchema;

export const MAX_TESTED = 10_000;
export const TOO_MANY_TO_TEST = `You can test up to ${MAX_TESTED.toLocaleString("en")} accounts at once. Search or filter for fewer.`;

export const cancelTestRunSchema = z.strictObject({ testRunId: idSchema });

const { failedWith, cloudProviderId, server } = accountFilterSchema.shape;

/** The last one does not show a repair. */
export const isFreshSchema = z.boolean({ error: "Choose yes or no." }).default(false);

/** In a run or, without one, in last tests. */
export const testFailedSchema = z.strictObject({
  testRunId: idSchema.optional(),
  failedWith: failedWith.unwrap(),
  cloudProviderId,
  server,
  isFresh: isFreshSchema,
});

export type StartTestRun = Selection;

export type TestRunCounts = {
  pending: number;
  running: number;
  ok: number;
  failed: number;
  skipped: number;
} & LeftOut;

/** Never signed in, or inactive. */
export type LeftOut = { unsigned: number; inactive: number };

export type TestRunRow = {
  id: string;
  createdAt: Date;
  startedByName: string;
  total: number;
  parallelism: number;
  cancelledAt: Date | null;
  finishedAt: Date | null;
  counts: TestRunCounts;
};

export const NAMED_ACCOUNTS = 5;

export type TestRunGroup = {
  /** The remedy has the buttons of all. */
  failedWith: string;
  failed: FailedAccounts;
  remedy: Remedy;
  providerName: string | null;
  accounts: number;
  /** By name; a report may be deleted. */
  named: { id: string; name: string; connectionTestId: string | null }[];
};

export type TestRunDetail = TestRunRow & { groups: TestRunGroup[] };

export type TestRunState = "running" | "cancelled" | "finished";
