import { z } from "zod";
import { placeShape } from "@/lib/kernel/paging/schema";

const wordSchema = z.string().regex(/^[\w.-]{1,100}$/);
const word = wordSchema.optional().catch(undefined);
const day = z.iso.date().optional().catch(undefined);
const eventIdSchema = z.string().regex(/^\d{1,18}$/);
const eventId = eventIdSchema.optional().catch(undefined);

/** The outcome. Only failed sign-ins are “refused” so far. */
export const AUDIT_RESULTS = ["done", "refused"] as const;
export const AUDIT_RESULT_LABELS = { done: "Done", refused: "Refused" } as const;

/** The filters of the trail, to name what an address has and this does not know. */
export const auditFilterSchema = z.object({
  actor: wordSchema.optional(),
  action: wordSchema.optional(),
  kind: wordSchema.optional(),
  result: z.enum(AUDIT_RESULTS).optional(),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
});

/** Filters and page of the trail; what makes no sense in an address is left out. */
export const auditParamsSchema = z.object({
  search: z
    .string()
    .transform((text) => text.slice(0, 200).replaceAll("\0", ""))
    .catch(""),
  actor: word,
  action: word,
  kind: word,
  result: z.enum(AUDIT_RESULTS).optional().catch(undefined),
  /** Days in UTC, both included. */
  from: day,
  to: day,
  /** An event: all that is folded with it, one by one. */
  fold: eventId,
  /** By time: the newest first unless it says otherwise. */
  direction: z.enum(["asc", "desc"]).optional().catch(undefined),
  /** Ids of events: where a page begins, and where the one before it ends. */
  after: eventId,
  before: eventId,
  /** The number of the first row that the page shows, and how many fit: as in other lists. */
  ...placeShape,
});

/** What an export takes: the same filters, of which none is passed over. */
export const auditExportSchema = z.strictObject({
  ...auditFilterSchema.shape,
  search: auditParamsSchema.shape.search,
  fold: eventIdSchema.optional(),
});

export type AuditParams = z.output<typeof auditParamsSchema>;
export type AuditFilter = Omit<AuditParams, "direction" | "after" | "before" | "row" | "limit">;

export const EXPORT_FORMATS = ["csv", "jsonl"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** An event as it was written: everything of it but its hash. */
export type AuditEvent = {
  id: string;
  at: Date;
  actorKind: string;
  actorId: string;
  actorName: string;
  action: string;
  objectKind: string;
  objectId: string;
  objectName: string;
  detail: unknown;
  address: string | null;
};

/** What is told in one row: the objects of one act, or what a key read or did with one operation in one hour. */
export type AuditFold = {
  events: number;
  uses: number;
  /** When the first of the uses was counted. */
  since: Date | null;
  /** Of the objects, the first ones. */
  names: string[];
  /** What a key was used for, the most frequent first. */
  operations: { operation: string; uses: number }[];
};

export type AuditRow = AuditEvent & { folded: AuditFold | null };

export type AuditChoices = {
  actions: string[];
  kinds: string[];
};

/** Operations of the API whose own events say what was done: that a key was used for it says no more. */
export const TOLD_BY_THEIR_WRITES = [
  "changeEmailAccounts",
  "changeSecretExpiry",
  "createAlertChannel",
  "connectCloudProvider",
  "createCloudProvider",
  "createContact",
  "createContactList",
  "createDevice",
  "createEmailAccount",
  "createSignInLinks",
  "deleteAlertChannel",
  "deleteCloudProvider",
  "deleteContact",
  "deleteContactList",
  "deleteEmailAccount",
  "deleteEmailAccounts",
  "importContacts",
  "importDevices",
  "importEmailAccounts",
  "patchAlertChannel",
  "patchCloudProvider",
  "patchContact",
  "patchContactList",
  "patchDevice",
  "patchEmailAccount",
  "remindOfSignInLink",
  "renameContactList",
  "renewSigningSecret",
  "replaceSignInLinks",
  "revokeDevice",
  "revokeSignInLink",
  "revokeSignInLinks",
  "rotateDevice",
  "sendMessage",
  "sendSignInLink",
  "sendTestAlert",
  "startRoundTrip",
  "startTestRun",
  "updateAlertChannel",
  "updateClientSecret",
  "updateCloudProvider",
  "updateContact",
  "updateDevice",
  "updateEmailAccount",
] as const;
