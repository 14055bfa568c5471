import { z } from "zod";
import { idSchema } from "@/lib/kernel/fields/schema";
import { dryRunSchema, importReportOf } from "@/lib/kernel/imports/schema";
import { ACCOUNT_DEFAULTS, scheduleSchema, serviceSchema } from "../schema";

export const ACCOUNT_IMPORT_MAX_ROWS = 2_000;
export const ACCOUNT_IMPORT_MAX_BYTES = 1024 * 1024;

export const ACCOUNT_COLUMN_TEXTS = {
  name: "what the account is called",
  email: "the address that mail is sent from",
  key: "up to 5 characters; proposed where empty",
  service: "Outlook365, Gmail, … or Custom",
  provider: "the name of a cloud provider",
  username: "who signs in; the address where empty",
  delegate: "for a shared mailbox: the person who signs in for it",
  mailbox: "the mailbox that is opened, where that is not the address",
  list: "the name of the List for new senders",
  schedule: "off, hourly or daily",
  active: "yes or no",
  description: "any text",
  password: "only for accounts without Modern Authentication",
  imap: "server of a Custom account: host (TLS on port 993), host:port or host:port starttls; empty: no IMAP server",
  smtp: "the same for sending: host alone is STARTTLS on port 587; at least one of the three",
  pop3: "the same for POP3: host alone is TLS on port 995",
  sending: "smtp, or graph: through Microsoft Graph, where SMTP AUTH is off",
  reading: "imap, or graph: through Microsoft Graph, where IMAP is off",
  saveReplyTo: "yes or no: save the Reply-To address of new senders",
  saveAutomatic: "yes or no: save senders of automatic mail as well",
} as const;
export type AccountColumn = keyof typeof ACCOUNT_COLUMN_TEXTS;
export const ACCOUNT_COLUMNS = Object.keys(ACCOUNT_COLUMN_TEXTS) as AccountColumn[];

const defaultsShape = {
  service: serviceSchema.default(ACCOUNT_DEFAULTS.service),
  cloudProviderId: idSchema.optional(),
  contactListId: idSchema.optional(),
  testSchedule: scheduleSchema.default(ACCOUNT_DEFAULTS.testSchedule),
};

const defaultsSchema = z.object(defaultsShape);
export type AccountImportDefaults = z.output<typeof defaultsSchema>;

export const accountImportParamsSchema = z.strictObject({ dryRun: dryRunSchema, ...defaultsShape });

export const accountImportReportSchema = importReportOf({
  name: z.string(),
  key: z.string().describe("The one that is proposed where the file has none."),
  email: z.string().describe("The email address."),
  username: z.string().describe("The account that signs in."),
}).extend({
  importId: z
    .uuid()
    .nullable()
    .describe("The filter `importId` finds what was created. Null when nothing was."),
});

export type AccountImportReport = z.output<typeof accountImportReportSchema>;
export type AccountImportRow = AccountImportReport["rows"][number];
