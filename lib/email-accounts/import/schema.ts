import { z } from "zod";
import { idSchema } from "@/lib/kernel/fields/schema";
import { dryRunSchema, importReportOf } from "@/lib/kernel/imports/schema";
import { ACCOUNT_DEFAULTS, scheduleSchema, serviceSchema } from "../schema";

export const ACCOUNT_IMPORT_MAX_ROWS = 2_000;
export const ACCOUNT_IMPORT_MAX_BYTES = 1024 * 1024;

/** The columns of the file, as its first line names them. */
export const ACCOUNT_COLUMNS = [
  "name",
  "email",
  "key",
  "service",
  "provider",
  "username",
  "delegate",
  "mailbox",
  "list",
  "schedule",
  "active",
  "description",
  "password",
  "imap",
  "smtp",
  "pop3",
  "saveReplyTo",
  "saveAutomatic",
] as const;
export type AccountColumn = (typeof ACCOUNT_COLUMNS)[number];

/** What counts for the lines that leave it empty. */
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
