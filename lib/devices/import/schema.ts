import { z } from "zod";
import { dryRunSchema, importReportOf } from "@/lib/kernel/imports/schema";
import { words } from "@/lib/kernel/words";

export const DEVICE_IMPORT_MAX_ROWS = 500;
export const DEVICE_IMPORT_MAX_BYTES = 256 * 1024;

export const DEVICE_COLUMNS = words(
  "name account protocols senders rewriteFrom networks messagesPerMinute expiresOn",
);
export type DeviceColumn = (typeof DEVICE_COLUMNS)[number];

export const deviceImportParamsSchema = z.strictObject({ dryRun: dryRunSchema });

export const deviceImportReportSchema = importReportOf({
  name: z.string(),
  account: z.string().describe("The address of the account, or what the file calls it."),
  password: z.string().nullable().describe("Of a new device. It is returned only here."),
});

export type DeviceImportReport = z.output<typeof deviceImportReportSchema>;
export type DeviceImportRow = DeviceImportReport["rows"][number];
