import { z } from "zod";
import { placeShape } from "@/lib/kernel/paging/schema";

const wordSchema = z.string().regex(/^[\w.-]{1,100}$/);
const word = wordSchema.optional().catch(undefined);
const day = z.iso.date().optional().catch(undefined);
const eventId = z
  .string()
  .regex(/^\d{1,18}$/)
  .optional()
  .catch(undefined);

/** What came of it: what was refused is only a failed sign-in, so far. */
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
  /** Ids of events: what is older than one, or newer. */
  after: eventId,
  before: eventId,
  /** The number of the first row that the page shows, and how many fit: as in other lists. */
  ...placeShape,
});

export type AuditParams = z.output<typeof auditParamsSchema>;
export type AuditFilter = Omit<AuditParams, "after" | "before" | "row" | "limit">;

export const EXPORT_FORMATS = ["csv", "jsonl"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export type AuditRow = {
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

export type AuditChoices = {
  actions: string[];
  kinds: string[];
};

/** What an actor did, as the middle of a sentence between the actor and the object. */
const VERBS: Readonly<Record<string, string>> = {
  "session.begin": "signed in",
  "session.end": "signed out",
  "session.refuse": "failed to sign in as",
  "administrator.invite": "invited an administrator",
  "administrator.create": "joined as administrator",
  "administrator.disable": "disabled the administrator",
  "administrator.enable": "enabled the administrator",
  "api_key.create": "created the API key",
  "api_key.revoke": "revoked the API key",
  "cloud_provider.update_client_secret": "updated the client secret of",
  "cloud_provider.restore_client_secret": "restored the last client secret of",
  "cloud_provider.rotate_client_secret": "renewed the client secret of",
  "cloud_provider.remove_client_secret": "removed at Microsoft a replaced client secret of",
  "cloud_provider.prove_credential": "proved the credential of",
  "cloud_provider.start_rotation": "switched on the automatic renewal of the secret of",
  "cloud_provider.stop_rotation": "switched off the automatic renewal of the secret of",
  "authorization.sign_in": "signed a mailbox in at",
  "authorization.remove": "removed a sign-in at",
  "email_account.move": "ended password sign-in for the email account",
  "email_account.undo_move": "restored password sign-in for the email account",
  "email_account.activate": "activated the email account",
  "email_account.deactivate": "deactivated the email account",
  "test_run.start": "started a test run:",
  "test_run.cancel": "cancelled a test run:",
  "audit.archive": "archived events of the audit trail in",
  "keys.rotate": "changed the encryption key",
  "keys.bind": "bound every secret to where it may be sent",
  "keys.seal_webhooks": "encrypted the addresses of webhooks",
  "installation.restore": "restored a backup",
};

const USUAL: Readonly<Record<string, string>> = {
  create: "added the",
  update: "changed the",
  delete: "deleted the",
};

/** Where the one who acts and the one it is about are the same person. */
const OF_ONESELF = new Set(["session.begin", "session.end", "administrator.create"]);

/** “changed the cloud provider”: known actions in their own words, others from their parts. */
export function verbOf(action: string): string {
  const [kind = "", verb = ""] = action.split(".");
  return VERBS[action] ?? `${USUAL[verb] ?? `${inWords(verb)}:`} ${inWords(kind)}`;
}

/** The name that ends the sentence; empty where the verb says it all. */
export function objectOf({ action, objectName }: Pick<AuditRow, "action" | "objectName">): string {
  if (OF_ONESELF.has(action)) return "";
  return objectName || (action === "session.refuse" ? "an unknown user" : "");
}

/** What changed, in words; empty when the sentence says it all. */
export function detailInWords(detail: unknown): string {
  if (typeof detail !== "object" || detail === null) return "";
  const parts = Object.entries(detail)
    .filter(([name]) => name !== "version")
    .map(([name, value]) => `${capital(inWords(name))}: ${valueInWords(value)}`);
  const shown = parts.slice(0, MOST_PARTS);
  const more = parts.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(" · ");
}

/** A list of events is for reading; the export has every part. */
const MOST_PARTS = 12;

/** `cloud_provider`, `stoppedAccounts` → “cloud provider”, “stopped accounts”. */
export function inWords(name: string): string {
  return name
    .replace(/[_.]+/g, " ")
    .replace(/(?<=[a-z\d])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function valueInWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueInWords).join(", ") || "none";
  if (typeof value === "object" && value !== null) return detailInWords(value);
  return String(value);
}
