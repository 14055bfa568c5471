import { capital } from "@/lib/kernel/text/schema";
import { timeText } from "@/lib/kernel/text/time-text";

/**
 * What each action is called in a sentence, before the name of its object; with what stands where there is no name.
 * Alone in its brackets it says everything: no object follows.
 */
export const VERBS: Readonly<Record<string, string | readonly [whole: string, alone?: string]>> = {
  "sign_in_link.create": "created sign-in links for mailboxes at",
  "sign_in_link.fail": [
    "tried to sign a mailbox in by link, and failed, at",
    "tried to sign a mailbox in by link, and failed",
  ],
  "sign_in_link.send": "sent sign-in links by mail for mailboxes at",
  "sign_in_link.remind": "sent a reminder of the sign-in link for a mailbox at",
  "sign_in_link.settings": "changed what is sent automatically:",
  "sign_in_link.revoke": "revoked sign-in links for mailboxes at",
  "session.begin": ["signed in"],
  "session.end": ["signed out"],
  "session.end_others": "ended sessions of",
  "session.refuse": "failed to sign in as",
  "administrator.invite": ["invited", "invited a person"],
  "administrator.create": ["joined Postkey"],
  "administrator.disable": "disabled the administrator",
  "administrator.enable": "enabled the administrator",
  "administrator.password": "changed the password of",
  "administrator.rename": ["changed the name of", "changed a name"],
  "administrator.mail_invitation": "sent an invitation by mail to",
  "administrator.mail_password_link": "sent by mail the link for a new password of",
  "administrator.remove_factors": "removed the second factors of",
  "administrator.require_factor": ["changed which roles need a second factor"],
  "administrator.reset": "created a link for a new password of",
  "role.change": "changed the role of",
  "invitation.renew": "created a new link for the invitation",
  "invitation.revoke": "revoked the invitation",
  "invitation.remove": ["removed the expired invitation", "removed an expired invitation"],
  "identity.role": ["changed the role of", "changed a role as the company decides"],
  "identity.revoke": [
    "no longer gives a role to, and so disabled,",
    "disabled a person to whom the company gives no role",
  ],
  "identity.role_kept": [
    "would have changed the role of the last administrator with a password,",
    "kept the role of the last administrator with a password",
  ],
  "session.emergency": [
    "signed in without the company although company sign-in is required:",
    "signed in although company sign-in is required",
  ],
  "session.end_by_company": "ended a session of",
  "identity.link": ["added a company account of their own"],
  "identity.unlink": ["removed a company account of their own"],
  "company_sign_in.switch_on": "switched on the company sign-in",
  "company_sign_in.switch_off": "switched off the company sign-in",
  "company_sign_in.test": "tested the company sign-in",
  "company_sign_in.require": ["required company sign-in"],
  "company_sign_in.not_require": ["stopped requiring company sign-in"],
  "alert_channel.test": "sent a test alert through",
  "api_key.create": "created the API key",
  "api_key.revoke": "revoked the API key",
  "api_key.use": ["used the API key"],
  "authorization.connect_application": "connected the application at",
  "authorization.remove": "removed a sign-in at",
  "authorization.sign_in": "signed a mailbox in at",
  "authenticator.add": ["set up an authenticator app"],
  "authenticator.remove": ["removed their authenticator app"],
  "calendar.renew_address": ["renewed the address of the", "renewed the address of the calendar"],
  "cloud_provider.admin_consent": "gave admin consent to",
  "cloud_provider.change_secret_expiry": "changed when the client secret expires of",
  "cloud_provider.make_certificate": "created a certificate for",
  "cloud_provider.discard_certificate": "discarded the certificate that waited for",
  "cloud_provider.prove_credential": "proved the credential of",
  "cloud_provider.remove_client_secret":
    "removed from the identity platform a replaced client secret of",
  "cloud_provider.change_closed_mailbox": "changed which mailbox must stay closed to",
  "cloud_provider.start_rotation": "switched on the automatic renewal of the secret of",
  "cloud_provider.stop_rotation": "switched off the automatic renewal of the secret of",
  "contact.erase": "erased the personal data of",
  "contact.let_in_again": ["unblocked", "unblocked a contact"],
  "contact.merge": ["merged contacts into", "merged contacts"],
  "contact.move": ["moved to another list the", "moved contacts to another list"],
  "contact_list.import": "imported contacts into",
  "contact_list.rename": "renamed the list",
  "device.create": "created the device",
  "device.pause": "paused the device",
  "device.resume": "resumed the device",
  "device.revoke": "revoked the device",
  "device.rotate": "gave a new password to the device",
  "device.use": ["connected to the gateway"],
  "email_account.activate": "activated the email account",
  "email_account.deactivate": "deactivated the email account",
  "email_account.move": "ended password sign-in for the email account",
  "email_account.send_message": "sent a message from",
  "email_account.undo_move": "restored password sign-in for the email account",
  "incident.silence": "silenced the incident",
  "incident.end_silence": "no longer silences the incident",
  "passkey.add": ["added a passkey"],
  "passkey.remove": ["removed a passkey"],
  "passkey.refuse_copy": ["was refused with a passkey that may be a copy"],
  "recovery_code.renew": ["created new recovery codes"],
  "recovery_code.use": ["used a recovery code"],
  "test_run.start": "started a test run:",
  "test_run.cancel": "cancelled a test run:",
  "audit.archive": "archived events of the audit trail in",
  "keys.rotate": "changed the encryption key",
  "installation.restore": "restored a backup",
};

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

/** “changed the cloud provider”; unknown actions from their parts. */
export function verbOf(action: string): string {
  const [kind = "", verb = ""] = action.split(".");
  const known = [VERBS[action]].flat()[0];
  if (known !== undefined) return known;
  const usual = `${USUAL[verb] ?? `did “${inWords(verb)}” to the`} ${inWords(kind)}`;
  return credentialVerb(kind, verb) ?? usual;
}

/** Without an object, as of what a person does to themselves. */
export function saysAll(action: string): boolean {
  const known = VERBS[action];
  return typeof known === "object" && known.length === 1;
}

function credentialVerb(kind: string, verb: string): string | null {
  const [change = "", ...what] = verb.split("_");
  const said = kind === "cloud_provider" && what.length > 0 && OF_CREDENTIALS[change];
  if (!said) return null;
  return `${said}${said.endsWith("last") ? "" : " the"} ${what.join(" ")} of`;
}

/** “Failed to sign in”, “Added a cloud provider” */
export function actionInWords(action: string): string {
  if (saysAll(action)) return capital(verbOf(action));
  const [kind = ""] = action.split(".");
  const verb = ofAnyOne(verbOf(action).replace(/[,:]$/, ""), inWords(kind));
  return capital([VERBS[action]].flat()[1] ?? verb.replace(LEADS_ON, ""));
}

/** Words that only lead to a name. */
const LEADS_ON =
  /(?:,? (?:at|as|to|of|from|for|in|into|through|for mailboxes at|for a mailbox at|of the|the))$/;

/** “added a cloud provider” */
function ofAnyOne(verb: string, noun: string): string {
  const end = ` the ${noun}`;
  if (!verb.toLowerCase().endsWith(end.toLowerCase())) return verb;
  const article = /^[aeiou]/i.test(noun) ? "an" : "a";
  return `${verb.slice(0, -end.length)} ${article} ${verb.slice(-noun.length)}`;
}

export function inWords(name: string): string {
  return name
    .replace(/[_.]+/g, " ")
    .replace(/\bsign in\b/g, "sign-in")
    .replace(/(?<=[a-z\d])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

const MOMENT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

export function valueInWords(value: unknown): string {
  if (value === null || value === undefined || value === "") return "none";
  if (typeof value === "boolean") return value ? "on" : "off";
  if (Array.isArray(value)) return listed(value.map(valueInWords)) || "none";
  if (typeof value === "string" && MOMENT.test(value)) return timeText(new Date(value));
  if (typeof value !== "object") return String(value);
  const parts = Object.entries(value).map(
    ([name, each]) => `${isId(name) ? name : capital(inWords(name))}: ${valueInWords(each)}`,
  );
  return listed(parts) || "none";
}

function isId(name: string): boolean {
  return /^[\da-f]{8}-/.test(name);
}

const MOST_PARTS = 12;

function listed(parts: string[]): string {
  const more = parts.length - MOST_PARTS;
  return [...parts.slice(0, MOST_PARTS), ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}
