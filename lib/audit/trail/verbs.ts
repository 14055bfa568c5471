import { capital, inWords } from "./words";

/** The middle of a sentence, between actor and object. */
export const VERBS: Readonly<Record<string, string>> = {
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
  "administrator.invite": "invited",
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
  "invitation.remove": "removed the expired invitation",
  "identity.role": "changed the role of",
  "identity.revoke": "no longer gives a role to, and so disabled,",
  "identity.role_kept": "would have changed the role of the last administrator with a password,",
  "session.emergency": "signed in without the company although company sign-in is required:",
  "session.end_by_company": "ended a session of",
  "identity.link": "added a company account of their own",
  "identity.unlink": "removed a company account of their own",
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
  "cloud_provider.discard_certificate": "discarded the certificate that waited for",
  "cloud_provider.prove_credential": "proved the credential of",
  "cloud_provider.remove_client_secret":
    "removed from the identity platform a replaced client secret of",
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
  "incident.silence": "silenced the incident",
  "incident.end_silence": "no longer silences the incident",
  "passkey.add": "added a passkey",
  "passkey.remove": "removed a passkey",
  "passkey.refuse_copy": "was refused with a passkey that may be a copy",
  "recovery_code.renew": "created new recovery codes",
  "recovery_code.use": "used a recovery code",
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

/** Actor and object are the same person. */
export const OF_ONESELF = new Set([
  "session.begin",
  "session.end",
  "administrator.create",
  "authenticator.add",
  "authenticator.remove",
  "identity.link",
  "identity.unlink",
  "passkey.add",
  "passkey.remove",
  "passkey.refuse_copy",
  "recovery_code.renew",
  "recovery_code.use",
]);
/** Actions whose verb says it all. */
export const WITHOUT_OBJECT = new Set([
  "api_key.use",
  "company_sign_in.require",
  "company_sign_in.not_require",
  "administrator.require_factor",
  "device.use",
]);

/** “changed the cloud provider”; unknown actions from their parts. */
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

/** “Failed to sign in”, “Added a cloud provider” */
export function actionInWords(action: string): string {
  if (OF_ONESELF.has(action) || WITHOUT_OBJECT.has(action)) return capital(verbOf(action));
  const [kind = ""] = action.split(".");
  const verb = ofAnyOne(verbOf(action).replace(/[,:]$/, ""), inWords(kind));
  return capital(ALONE[action] ?? verb.replace(LEADS_ON, ""));
}

/** Words that only lead to a name. */
const LEADS_ON =
  /(?:,? (?:at|as|to|of|from|for|in|into|through|for mailboxes at|for a mailbox at|of the|the))$/;
/** Verbs too vague without a name. */
const ALONE: Readonly<Record<string, string>> = {
  "administrator.invite": "invited a person",
  "administrator.rename": "changed a name",
  "calendar.renew_address": "renewed the address of the calendar",
  "contact.let_in_again": "unblocked a contact",
  "contact.merge": "merged contacts",
  "contact.move": "moved contacts to another list",
  "identity.role": "changed a role as the company decides",
  "identity.revoke": "disabled a person to whom the company gives no role",
  "identity.role_kept": "kept the role of the last administrator with a password",
  "session.emergency": "signed in although company sign-in is required",
  "invitation.remove": "removed an expired invitation",
  "sign_in_link.fail": "tried to sign a mailbox in by link, and failed",
};

/** “added a cloud provider” */
function ofAnyOne(verb: string, noun: string): string {
  const end = ` the ${noun}`;
  if (!verb.toLowerCase().endsWith(end.toLowerCase())) return verb;
  return `${verb.slice(0, -end.length)} ${withArticle(verb.slice(-noun.length))}`;
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? "an" : "a"} ${noun}`;
}
