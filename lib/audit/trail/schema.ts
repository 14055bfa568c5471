import { z } from "zod";
import { placeShape } from "@/lib/kernel/paging/schema";

const wordSchema = z.string().regex(/^[\w.-]{1,100}$/);
const word = wordSchema.optional().catch(undefined);
const day = z.iso.date().optional().catch(undefined);
const eventIdSchema = z.string().regex(/^\d{1,18}$/);
const eventId = eventIdSchema.optional().catch(undefined);

/** Only failed sign-ins are “refused”. */
export const AUDIT_RESULTS = ["done", "refused"] as const;

/** Other names in an address are reported. */
export const auditFilterSchema = z.object({
  actor: wordSchema
    .optional()
    .describe("Only entries by this actor: the id of an administrator or an API key."),
  action: wordSchema
    .optional()
    .describe("Only entries with this action, such as `email_account.update`."),
  kind: wordSchema
    .optional()
    .describe("Only entries about this kind of object, such as `email_account`."),
  result: z
    .enum(AUDIT_RESULTS)
    .optional()
    .describe("Only what was done, or only what was refused."),
  from: z.iso.date().optional().describe("Only entries from this day on (UTC)."),
  to: z.iso.date().optional(),
});

export const auditParamsSchema = z.object({
  search: z
    .string()
    .transform((text) => text.slice(0, 200).replaceAll("\0", ""))
    .catch(""),
  actor: word,
  action: word,
  kind: word,
  result: z.enum(AUDIT_RESULTS).optional().catch(undefined),
  /** UTC, both included. */
  from: day,
  to: day,
  /** Lists all that is folded with this event. */
  fold: eventId,
  direction: z.enum(["asc", "desc"]).optional().catch(undefined),
  after: eventId,
  before: eventId,
  ...placeShape,
});

/** Unknown filters are refused. */
export const auditExportSchema = z.strictObject({
  ...auditFilterSchema.shape,
  search: auditParamsSchema.shape.search,
  fold: eventIdSchema
    .optional()
    .describe("Only the events that one line of the console stands for: the id of any of them."),
});

export type AuditParams = z.output<typeof auditParamsSchema>;
export type AuditFilter = Omit<AuditParams, "direction" | "after" | "before" | "row" | "limit">;

export const EXPORT_FORMATS = ["csv", "jsonl"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** In the order in which they are signed, archived and exported. */
export const storedEventSchema = z.strictObject({
  id: z.string(),
  at: z.iso.datetime().transform((text) => new Date(text)),
  actorKind: z.string(),
  actorId: z.string(),
  actorName: z.string(),
  action: z.string(),
  objectKind: z.string(),
  objectId: z.string(),
  objectName: z.string(),
  detail: z.unknown(),
  address: z.string().nullable(),
  hash: z.string().nullable(),
});
export type StoredEvent = z.output<typeof storedEventSchema>;
export type AuditEvent = Omit<StoredEvent, "hash">;
export const AUDIT_COLUMNS = storedEventSchema.keyof().options;

/** One act, or a key's reads or one operation in an hour. */
export type AuditFold = {
  events: number;
  uses: number;
  since: Date | null;
  names: string[];
  operations: { operation: string; uses: number }[];
};

export type AuditRow = AuditEvent & { folded: AuditFold | null };

export type AuditChoices = { actions: string[]; kinds: string[] };

const acts = (object: string, ...verbs: readonly string[]) =>
  verbs.map((verb) => `${verb}${object}`);
const RESOURCE = ["create", "delete", "patch", "update"];

/** Operations whose own events say what was done. */
export const TOLD_BY_THEIR_WRITES = [
  ...acts("AlertChannel", ...RESOURCE),
  ...acts("ClientSecret", "update"),
  ...acts("CloudProvider", "connect", ...RESOURCE),
  ...acts("Contact", ...RESOURCE),
  ...acts("ContactList", "create", "delete", "patch", "rename"),
  ...acts("Contacts", "import"),
  ...acts("Device", "create", "patch", "revoke", "rotate", "update"),
  ...acts("Devices", "import"),
  ...acts("EmailAccount", ...RESOURCE),
  ...acts("EmailAccounts", "change", "delete", "import"),
  ...acts("Message", "send"),
  ...acts("RoundTrip", "start"),
  ...acts("SecretExpiry", "change"),
  ...acts("SignInLink", "remindOf", "revoke", "send"),
  ...acts("SignInLinks", "create", "replace", "revoke"),
  ...acts("SigningSecret", "renew"),
  ...acts("TestAlert", "send"),
  ...acts("TestRun", "start"),
];
