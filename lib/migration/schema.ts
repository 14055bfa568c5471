import { z } from "zod";
import type { ExplainedProtocol, TestVerdict } from "@/lib/checks/schema";
import * as is from "@/lib/kernel/answers/schema";
import { idSchema, usernameSchema } from "@/lib/kernel/fields/schema";
import type { MailService } from "@/lib/mail/services/schema";

export const moveAccountSchema = z.strictObject({
  emailAccountId: idSchema,
  cloudProviderId: z.uuid({ error: "Choose the cloud provider that signs this mailbox in." }),
  username: usernameSchema,
});

export const undoMoveSchema = z.strictObject({ emailAccountId: idSchema });

export type MoveAccount = z.output<typeof moveAccountSchema>;

/** Moved only with `ok`. */
export type MoveResult = { verdict: TestVerdict; protocols: ExplainedProtocol[] };

export type MovedAccount = { id: string; name: string; provider: string | null; movedAt: Date };

/** The password is kept for so long. */
export const UNDO_DAYS = 7;

export type PasswordAccountRow = {
  id: string;
  name: string;
  key: string;
  emailAddress: string;
  service: MailService;
  active: boolean;
  username: string;
};

export const REPORT_MAX_ROWS = 5_000;
export const REPORT_MAX_BYTES = 1024 * 1024;

export const smtpAuthReportSchema = z.object({
  oauth: is.count.describe("Number of senders that use OAuth."),
  rows: z.array(
    z.object({
      line: is.count.describe("The line of the file, counted from 1."),
      senderAddress: z.string().describe("The address, as the report has it."),
      authentication: z
        .enum(["basic", "oauth", "unknown"])
        .describe("`unknown` if the report doesn't say how the sender signs in."),
      messages: is.count.nullable().describe("Messages sent in the days of the report."),
      usesOldTls: z.boolean().describe("Some were sent over TLS 1.0 or 1.1."),
      next: z
        .enum(["move", "change_service", "replace_elsewhere", "add"])
        .describe(
          "`move`: the account here has a password. `change_service`: so it has, at a service without Modern Authentication. `replace_elsewhere`: here it has none, so something else sends with it. `add`: no account has this address.",
        ),
      account: z
        .object({ id: z.uuid(), name: z.string() })
        .nullable()
        .describe("The account here with this address."),
    }),
  ),
});

export type SmtpAuthReport = z.output<typeof smtpAuthReportSchema>;
export type ReportedSender = SmtpAuthReport["rows"][number];

export type MigrationProgress = { modern: number; password: number };
