import { z } from "zod";
import { findConnectionTest, listConnectionTests } from "@/lib/checks/queries";
import { findMailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { findEmailAccount } from "@/lib/email-accounts/queries";
import { connectionTestStream } from "@/lib/http/connection-test-stream";
import { AppError } from "@/lib/kernel/errors";
import { timestampSchema as timestamp } from "@/lib/kernel/fields/schema";
import { turnQuerySchema } from "@/lib/kernel/turns/schema";
import { protocolReportSchema, verdictSchema } from "@/lib/mail/schema";
import { idParam, pageOf } from "../answers";
import { defineOperation } from "../operation";
import { remedySchema } from "./errors";

const tag = "Connection tests";
const ofAccount = z.object({ emailAccountId: idParam });

const explained = z.object({ ...protocolReportSchema.shape, remedy: remedySchema.optional() });
const row = z.object({
  id: z.uuid(),
  startedAt: timestamp,
  durationMs: z.number().int(),
  verdict: verdictSchema.extract(["ok", "failed"]),
  startedByName: z.string(),
  protocols: z.array(explained),
});
const difference = z.object({ what: z.string(), before: z.string(), now: z.string() });

export const startConnectionTestOperation = defineOperation({
  id: "startConnectionTest",
  method: "POST",
  path: "/api/emailAccounts/{emailAccountId}/connectionTest",
  tag,
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

export const listConnectionTestsOperation = defineOperation({
  id: "listConnectionTests",
  method: "GET",
  path: "/api/emailAccounts/{emailAccountId}/connectionTests",
  tag,
  summary: "The reports of an account, a page at a time",
  permission: "accounts:read",
  params: ofAccount,
  query: turnQuerySchema({ limit: 20 }),
  answer: {
    status: 200,
    description: "Newest first, without transcripts.",
    schema: z.object({
      connectionTests: z.array(row),
      ...pageOf(row).omit({ rows: true }).shape,
    }),
  },
  async handle({ actor, params: { emailAccountId }, query }) {
    if (!(await findEmailAccount(actor, emailAccountId)))
      throw new AppError("not_found", "This email account no longer exists.");
    const { rows, ...page } = await listConnectionTests(actor, emailAccountId, query);
    return { connectionTests: rows, ...page };
  },
});

export const getConnectionTestOperation = defineOperation({
  id: "getConnectionTest",
  method: "GET",
  path: "/api/connectionTests/{connectionTestId}",
  tag,
  summary: "One report, in full",
  permission: "accounts:read",
  params: z.object({ connectionTestId: idParam }),
  answer: {
    status: 200,
    description: "The report, with what was said and what to do.",
    schema: z.object({
      ...row.shape,
      emailAccountId: z.uuid(),
      name: z.string(),
      emailAddress: z.string(),
      token: z.array(
        z.object({ what: z.string(), needs: z.string(), has: z.string(), isMet: z.boolean() }),
      ),
      isTokenFresh: z
        .boolean()
        .nullable()
        .describe(
          "`true` if the token was fetched for this test, `false` if it was kept from an earlier renewal.",
        ),
      comparison: z
        .object({ goodAt: timestamp, differences: z.array(difference) })
        .nullable()
        .describe("Beside the last test in which everything worked."),
    }),
  },
  async handle({ actor, params: { connectionTestId } }) {
    const report = await findConnectionTest(actor, connectionTestId);
    if (!report) throw new AppError("not_found", "This report no longer exists.");
    return report;
  },
});
