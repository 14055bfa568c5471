import { z } from "zod";
import { findConnectionTest, listConnectionTests } from "@/lib/checks/queries";
import { startTestRun } from "@/lib/checks/runs/mutations";
import { startTestRunSchema } from "@/lib/checks/runs/schema";
import { findMailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { findEmailAccount } from "@/lib/email-accounts/queries";
import { connectionTestStream } from "@/lib/http/connection-test-stream";
import * as is from "@/lib/kernel/answers/schema";
import { AppError } from "@/lib/kernel/errors";
import { turnQuerySchema } from "@/lib/kernel/sections/schema";
import { protocolReportSchema, verdictSchema } from "@/lib/mail/schema";
import { idParam, made, ok, operationsOf, pageOf } from "../operation";
import { remedySchema } from "./errors";

const { define } = operationsOf("Connection tests");
const ofAccount = z.object({ emailAccountId: idParam });

const explained = z.object({
  ...protocolReportSchema.shape,
  remedy: remedySchema
    .optional()
    .describe("The entry of the error catalogue that fixes the failure."),
});
const row = z.object({
  id: is.id,
  startedAt: is.time.describe("When it was started."),
  durationMs: is.count,
  verdict: verdictSchema.extract(["ok", "failed"]),
  passedSince: is.flag.describe("`true` if it failed, and a later test of the account passed."),
  startedByName: is.text.describe("Name of the person or program that started the test."),
  protocols: z.array(explained).describe("One report for each protocol."),
});
const difference = z.object({
  what: is.text.describe("The value that is compared."),
  before: is.text.describe("As it was in the last test in which everything worked."),
  now: is.text.describe("As it is now."),
});

export const startConnectionTestOperation = define({
  at: "startConnectionTest: POST /api/emailAccounts/{emailAccountId}/connectionTest",
  summary: "Test an account's connections",
  description:
    "Signs in to IMAP, SMTP and POP3 and tells each stage as it ends, one JSON object a line: `stage`, `token`, `protocol`, `comparison`, and `finished` at the end, or `error`. The report is kept under the id that `finished` names. The test ends when the connection does.",
  permission: "accounts:test",
  params: ofAccount,
  query: z.strictObject({
    token: z
      .enum(["cached", "fresh"])
      .default("cached")
      .describe("`fresh` fetches a new access token first, and fails where there is none."),
  }),
  answer: { status: 200, description: "The stages.", contentType: "application/x-ndjson" },
  async handle({ actor, request, params: { emailAccountId }, query: { token } }) {
    const account = await findMailboxAccount(actor, emailAccountId);
    const renewsFirst = token === "fresh";
    return connectionTestStream(actor, account, { requestSignal: request.signal, renewsFirst });
  },
});

export const listConnectionTestsOperation = define({
  at: "listConnectionTests: GET /api/emailAccounts/{emailAccountId}/connectionTests",
  summary: "The reports of an account, a page at a time",
  permission: "accounts:read",
  params: ofAccount,
  query: turnQuerySchema({ limit: 20 }),
  answer: ok("Newest first, without transcripts.", pageOf(row)),
  async handle({ actor, params: { emailAccountId }, query }) {
    if (!(await findEmailAccount(actor, emailAccountId)))
      throw new AppError("not_found", "This email account no longer exists.");
    return listConnectionTests(actor, emailAccountId, query);
  },
});

export const getConnectionTestOperation = define({
  at: "getConnectionTest: GET /api/connectionTests/{connectionTestId}",
  summary: "One report, in full",
  permission: "accounts:read",
  params: z.object({ connectionTestId: idParam }),
  answer: ok(
    "The report, with what was said and what to do.",
    z.object({
      ...row.shape,
      emailAccountId: is.id,
      name: is.text.describe("The name of the account."),
      emailAddress: is.text.describe("The address of the account."),
      token: z
        .array(
          z.object({
            what: is.text,
            needs: is.text.describe("The value that the server needs."),
            has: is.text.describe("The value in the token."),
            isMet: is.flag.describe("`true` if the token's value is sufficient."),
          }),
        )
        .describe("The token's values beside those that the mail servers need."),
      isTokenFresh: z
        .boolean()
        .nullable()
        .describe(
          "`true` if the token was fetched for this test, `false` if it was kept from an earlier renewal.",
        ),
      comparison: z
        .object({
          goodAt: is.time.describe("When everything last worked."),
          differences: z.array(difference).describe("The differences since then."),
        })
        .nullable()
        .describe("Beside the last test in which everything worked."),
    }),
  ),
  async handle({ actor, params: { connectionTestId } }) {
    const report = await findConnectionTest(actor, connectionTestId);
    if (!report) throw new AppError("not_found", "This report no longer exists.");
    return report;
  },
});

export const startTestRunOperation = define({
  at: "startTestRun: POST /api/testRuns",
  summary: "Test many email accounts",
  description:
    "Keepers test the selected accounts, several at a time (`POSTKEY_TESTS_AT_ONCE`). Accounts that never signed in are left out, and with `accounts: all` inactive ones too: list them with `leftOutOfTestRun`.",
  permission: "accounts:test",
  body: startTestRunSchema,
  errors: ["conflict"],
  answer: made(
    "The test run was started.",
    z.object({
      id: z.uuid(),
      leftOut: z
        .number()
        .int()
        .describe(
          "Accounts that are not tested, because they are inactive or have never signed in.",
        ),
    }),
  ),
  handle: ({ actor, body }) => startTestRun(actor, body),
});
