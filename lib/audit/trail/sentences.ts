import { z } from "zod";
import { keyUseInWords } from "./key-uses";
import type { AuditEvent, AuditRow } from "./schema";
import { capital, inWords, valueInWords } from "./words";

/** “Ada” + “changed the List of” + “Sales” + “from A to B”; the object may be empty, as may the rest. */
export type Sentence = { verb: string; object: string; rest: string };

/** What an actor did, as the middle of a sentence between the actor and the object. */
const VERBS: Readonly<Record<string, string>> = {
  "sign_in_link.create": "created sign-in links for mailboxes at",
  "sign_in_link.fail": "tried to sign a mailbox in by link, and failed, at",
  "sign_in_link.send": "sent sign-in links by mail for mailboxes at",
  "sign_in_link.remind": "sent a reminder of the sign-in link for a mailbox at",
  "sign_in_link.settings": "changed what is sent automatically:",
  "sign_in_link.revoke": "revoked sign-in links for mailboxes at",
  "session.begin": "signed in",
  "session.end": "signed out",
  "session.end_others": "ended sessions of",
  "session.refuse": "failed to sign in as",
  "administrator.invite": "invited a person",
  "administrator.create": "joined Postkey",
  "administrator.disable": "disabled the administrator",
  "administrator.enable": "enabled the administrator",
  "administrator.password": "changed the password of",
  "administrator.rename": "changed the name of",
  "administrator.mail_invitation": "sent an invitation by mail to",
  "administrator.mail_password_link": "sent by mail the link for a new password of",
  "administrator.remove_factors": "removed the second factors of",
  "administrator.require_factor": "changed which roles need a second factor",
  "administrator.reset": "created a link for a new password of",
  "role.change": "changed the role of",
  "invitation.renew": "created a new link for the invitation",
  "invitation.revoke": "revoked the invitation",
  "identity.role": "changed the role of",
  "identity.revoke": "no longer gives a role to, and so disabled,",
  "identity.role_kept": "would have changed the role of the last administrator with a password,",
  "session.emergency": "signed in with a password although company sign-in is required:",
  "session.end_by_company": "ended a session of",
  "identity.link": "added a company account to",
  "identity.unlink": "removed a company account from",
  "company_sign_in.switch_on": "switched on the company sign-in",
  "company_sign_in.switch_off": "switched off the company sign-in",
  "company_sign_in.test": "tested the company sign-in",
  "company_sign_in.require": "required company sign-in",
  "company_sign_in.not_require": "stopped requiring company sign-in",
  "alert_channel.test": "sent a test alert through",
  "api_key.create": "created the API key",
  "api_key.revoke": "revoked the API key",
  "api_key.use": "used the API key",
  "authorization.connect_application": "connected the application at",
  "authorization.remove": "removed a sign-in at",
  "authorization.sign_in": "signed a mailbox in at",
  "authenticator.add": "set up an authenticator app",
  "authenticator.remove": "removed their authenticator app",
  "calendar.renew_address": "renewed the address of the",
  "cloud_provider.admin_consent": "gave admin consent to",
  "cloud_provider.change_secret_expiry": "changed when the client secret expires of",
  "cloud_provider.make_certificate": "created a certificate for",
  "cloud_provider.prove_credential": "proved the credential of",
  "cloud_provider.remove_client_secret": "removed at Microsoft a replaced client secret of",
  "cloud_provider.start_rotation": "switched on the automatic renewal of the secret of",
  "cloud_provider.stop_rotation": "switched off the automatic renewal of the secret of",
  "contact.erase": "erased the personal data of",
  "contact.let_in_again": "unblocked",
  "contact.merge": "merged contacts into",
  "contact.move": "moved to another list the",
  "contact_list.import": "imported contacts into",
  "contact_list.rename": "renamed the list",
  "device.create": "created the device",
  "device.pause": "paused the device",
  "device.resume": "resumed the device",
  "device.revoke": "revoked the device",
  "device.rotate": "gave a new password to the device",
  "device.use": "connected to the gateway",
  "email_account.activate": "activated the email account",
  "email_account.deactivate": "deactivated the email account",
  "email_account.move": "ended password sign-in for the email account",
  "email_account.send_message": "sent a message from",
  "email_account.undo_move": "restored password sign-in for the email account",
  "passkey.add": "added a passkey",
  "passkey.remove": "removed a passkey",
  "passkey.refuse_copy": "was refused with a passkey that may be a copy",
  "recovery_code.renew": "created new recovery codes",
  "recovery_code.use": "used a recovery code",
  "test_run.start": "started a test run:",
  "test_run.cancel": "cancelled a test run:",
  "audit.archive": "archived events of the audit trail in",
  "keys.rotate": "changed the encryption key",
  "keys.bind": "bound every secret to where it may be sent",
  "keys.seal_webhooks": "encrypted the addresses of webhooks",
  "installation.restore": "restored a backup",
};

/** Of what is named by its kind: `cloud_provider.create`, `cloud_provider.rotate_certificate`. */
const USUAL: Readonly<Record<string, string>> = {
  create: "added the",
  update: "changed the",
  delete: "deleted the",
};
const OF_CREDENTIALS: Readonly<Record<string, string>> = {
  update: "updated",
  rotate: "renewed",
  restore: "restored the last",
};

/** Where the one who acts and the one it is about are the same person. */
const OF_ONESELF = new Set([
  "session.begin",
  "session.end",
  "administrator.create",
  ...["authenticator.add", "authenticator.remove", "passkey.add", "passkey.remove"],
  ...["passkey.refuse_copy", "recovery_code.renew", "recovery_code.use"],
]);
/** Where the verb says it all. */
const WITHOUT_OBJECT = new Set([
  "api_key.use",
  "administrator.invite",
  "company_sign_in.require",
  "company_sign_in.not_require",
  "administrator.require_factor",
  "device.use",
]);

/** “changed the cloud provider”: known actions in their own words, others from their parts. */
export function verbOf(action: string): string {
  const [kind = "", verb = ""] = action.split(".");
  return (
    VERBS[action] ??
    credentialVerb(kind, verb) ??
    `${USUAL[verb] ?? `did “${inWords(verb)}” to the`} ${inWords(kind)}`
  );
}

function credentialVerb(kind: string, verb: string): string | null {
  const [change = "", ...what] = verb.split("_");
  const said = kind === "cloud_provider" && what.length > 0 && OF_CREDENTIALS[change];
  if (!said) return null;
  return said.endsWith("last")
    ? `${said} ${what.join(" ")} of`
    : `${said} the ${what.join(" ")} of`;
}

/** “Failed to sign in as …”: an action by itself, with where its object would stand. */
export function actionInWords(action: string): string {
  const verb = capital(verbOf(action)).replace(/[,:]$/, "");
  return OF_ONESELF.has(action) || WITHOUT_OBJECT.has(action) ? verb : `${verb} …`;
}

/** The name that ends the sentence; empty where the verb says it all. */
export function objectOf({
  action,
  objectName,
}: Pick<AuditEvent, "action" | "objectName">): string {
  if (OF_ONESELF.has(action) || WITHOUT_OBJECT.has(action)) return "";
  return objectName || (action === "session.refuse" ? "an unknown user" : "");
}

/** What a row of the trail says. */
export function sentenceOf(row: AuditRow): Sentence {
  if (row.action === "api_key.use") return { verb: keyUseInWords(row), object: "", rest: "" };
  const { changed = [], before = {}, after = {} } = editSchema.safeParse(row.detail).data ?? {};
  const many = manyOf(row);
  const object = many ?? objectOf(row);
  const [only] = changed;
  if (!row.action.endsWith(".update") || only === undefined)
    return { verb: many === null ? verbOf(row.action) : verbForMany(row.action), object, rest: "" };
  if (changed.length > FIELDS_NAMED)
    return { verb: `changed ${changed.length} fields of`, object, rest: "" };
  const isTold = only in after && changed.length === 1;
  const values = { from: many === null ? before[only] : EACH_ITS_OWN, to: after[only] };
  const rest = isTold ? changeInWords(values) : "";
  return { verb: `changed the ${listInWords(changed)} of`, object, rest };
}

/** A sentence names so many fields; all of them stand in its details. */
const FIELDS_NAMED = 3;

const values = z.record(z.string(), z.unknown());
/** What an edit writes down. */
const editSchema = z.object({
  changed: z.array(z.string()).optional(),
  before: values.optional(),
  after: values.optional(),
});

/** Each of many may have had another value before. */
const EACH_ITS_OWN = Symbol("each its own");

function changeInWords({ from, to }: { from: unknown; to: unknown }): string {
  const now = `to ${shortened(valueInWords(to))}`;
  return from === EACH_ITS_OWN ? now : `from ${shortened(valueInWords(from))} ${now}`;
}

const VALUE_SHOWN = 60;

function shortened(text: string): string {
  return text.length > VALUE_SHOWN ? `${text.slice(0, VALUE_SHOWN)}…` : text;
}

/** “50 email accounts”, where one act changed as many. */
function manyOf({ objectKind, folded, detail }: AuditRow): string | null {
  const { together = folded?.events ?? 1 } = togetherSchema.safeParse(detail).data ?? {};
  return folded && together > 1 ? `${together.toLocaleString("en")} ${inWords(objectKind)}s` : null;
}

const togetherSchema = z.object({ together: z.number().optional() });

/** “activated”: the number and the kind follow. */
function verbForMany(action: string): string {
  const verb = verbOf(action);
  const [kind = ""] = action.split(".");
  const end = ` the ${inWords(kind)}`;
  return verb.endsWith(end) ? verb.slice(0, -end.length) : verb.replace(/ the$/, "");
}

function listInWords(parts: string[]): string {
  return new Intl.ListFormat("en", { type: "conjunction" }).format(parts);
}

/** What the sentence leaves out, one line each; the export has every part. */
export function detailsOf({ detail, folded }: AuditRow): string[] {
  if (typeof detail !== "object" || detail === null) return [];
  const { before = {}, after = {} } = editSchema.safeParse(detail).data ?? {};
  const changes = Object.keys(after).map(
    (field) => `${field}: ${valueInWords(before[field])} → ${valueInWords(after[field])}`,
  );
  const others = Object.entries(detail)
    .filter(([name]) => !SAID_OTHERWISE.has(name) && !(changes.length > 0 && OF_EDITS.has(name)))
    .map(([name, value]) => `${capital(inWords(name))}: ${valueInWords(value)}`);
  const isAct = folded !== null && folded.uses === 0;
  const names = isAct && folded.events > 1 ? [namesInWords(folded.names, folded.events)] : [];
  const shown = [...changes, ...others].slice(0, MOST_PARTS);
  const more = changes.length + others.length - shown.length;
  return [
    ...names,
    ...(isAct && folded.events > 1 ? [] : shown),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

const SAID_OTHERWISE = new Set(["version", "act", "together", "since"]);
const OF_EDITS = new Set(["changed", "before", "after"]);
const MOST_PARTS = 12;

function namesInWords(names: string[], all: number): string {
  const more = all - names.length;
  return `${names.join(", ")}${more > 0 ? ` and ${more.toLocaleString("en")} more` : ""}`;
}
