import type { Protocol } from "@/lib/egress/protocols/schema";
import { findRemedy, fits } from "@/lib/remedies/catalogue";
import type { MailRemedyId } from "./probe-failure";
import type { MailStage } from "./schema";
import type { FailureContext } from "./stage-order";

/** With a code to look up, and whether the words or only the stage tell it. */
export function refusalRemedy(reply: string, context: FailureContext) {
  const row = ROWS[context.protocol].find((candidate) => applies(candidate, reply, context));
  const remedyId = row?.remedyId ?? FALLBACK[context.protocol];
  return { remedyId, code: codeOf(reply), isSaid: row?.text !== undefined };
}

/** All conditions of a row must hold; the first row applies. */
type Row = { remedyId: MailRemedyId; text?: RegExp; stage?: MailStage };

const FALLBACK: Record<Protocol, MailRemedyId> = {
  imap: "mail.protocol_error",
  smtp: "smtp.refused",
  pop3: "pop3.refused",
};

/** In every protocol, with other words around it. */
const TOO_MANY =
  /too many .{0,40}?(?:connections|sessions|logins?)|maximum number of .{0,40}?connections|connections? limit|ConcurrencyLimit|thread limit|throttl/i;
const LATER = /\bunavailable\b|try again later|temporar(?:y|ily)|server (?:is )?busy/i;
const TOO_LONG = /(?:line|command|token|response) (?:is )?too (?:long|large)/i;
const APP_PASSWORD = /application-specific password/i;
const NOT_CONNECTED = /authenticated but not connected/i;
const REFUSED_COMMAND = /^(?:\S+ (?:NO|BAD)|-ERR) /i;

/** The line Exchange refuses commands with if the mailbox did not open; null without one. */
export function saysNotConnected(said: string): string | null {
  const isIt = (line: string) => NOT_CONNECTED.test(line) && REFUSED_COMMAND.test(line);
  return said.split(/\r?\n/).find(isIt) ?? null;
}

/** Google, "Gmail IMAP, POP and SMTP errors", and quotes of users */
const GMAIL: readonly Row[] = [
  { text: /(?:IMAP|POP3?) access is disabled for your domain/i, remedyId: "gmail.off_for_domain" },
  { text: /not enabled for (?:IMAP|POP3?)\b/i, remedyId: "gmail.off_for_mailbox" },
  { text: /\[OVERQUOTA\]|bandwidth limits?\b/i, remedyId: "gmail.bandwidth" },
  { text: /web ?login required|via your web browser|\[WEBALERT\b/i, remedyId: "gmail.web_login" },
  { text: /5\.4\.5\b|user sending (?:limit|quota)/i, remedyId: "gmail.sending_limit" },
];

/** The server says no more than that. */
const SIGN_IN_REFUSED: readonly MailRemedyId[] = [
  "password.refused",
  "gmail.token_refused",
  "mail.token_refused",
];

function refused(condition: Omit<Row, "remedyId">, ...first: MailRemedyId[]): Row[] {
  return [...first, ...SIGN_IN_REFUSED].map((remedyId) => ({ ...condition, remedyId }));
}

/** RFC 5530, and Exchange's. */
const IMAP_CODES: readonly Row[] = [
  { text: /\[(?:LIMIT|THROTTLED)\]/i, remedyId: "mail.throttled" },
  { text: /\[(?:UNAVAILABLE|INUSE|SERVERBUG)\]/i, remedyId: "mail.temporary" },
  { text: /\[PRIVACYREQUIRED\]|LOGINDISABLED/i, remedyId: "imap.login_disabled" },
  { text: /\[(?:CONTACTADMIN|CORRUPTION)\]/i, remedyId: "mail.contact_admin" },
  { text: /\[EXPIRED\]/i, remedyId: "password.expired" },
  { text: /\[EXPIRED\]/i, remedyId: "token.expired" },
  { text: /\[AUTHORIZATIONFAILED\]/i, remedyId: "imap.not_authorised" },
  { text: APP_PASSWORD, remedyId: "password.app_password" },
  ...refused({ text: /\[AUTHENTICATIONFAILED\]/i }, "imap.authenticate_failed"),
  { text: /\[CLIENTBUG\]/i, remedyId: "imap.bad_command" },
];

// Text fragments come first (published by Microsoft or quoted in issues), then codes, then words of
// servers without codes, then the command that failed.
const ROWS: Record<Protocol, readonly Row[]> = {
  imap: [
    ...GMAIL,
    { text: NOT_CONNECTED, remedyId: "imap.not_connected" },
    { text: /AccessTokenExpired|Session invalidated/i, remedyId: "token.expired" },
    ...IMAP_CODES,
    { text: TOO_MANY, remedyId: "mail.throttled" },
    { text: TOO_LONG, stage: "authenticate", remedyId: "token.too_long" },
    { text: /LOGIN failed\./, remedyId: "imap.basic_auth_off" },
    { text: LATER, remedyId: "mail.temporary" },
    { text: /^\* BYE\b/i, remedyId: "imap.bye" },
    // RFC 9051 §7.1.3: BAD is about form; a missing right is NO.
    { text: /^(?:\S+ )?BAD\b/i, remedyId: "imap.bad_command" },
    ...refused({ stage: "authenticate" }, "imap.authenticate_failed"),
    { stage: "mailbox", remedyId: "imap.mailbox_refused" },
  ],
  smtp: [
    ...GMAIL,
    { text: /is disabled for the Tenant/i, remedyId: "smtp.auth_disabled_tenant" },
    { text: /is disabled for the Mailbox/i, remedyId: "smtp.auth_disabled_mailbox" },
    {
      text: /5\.7\.30|basic authentication is (?:disabled|not supported)/i,
      remedyId: "smtp.basic_auth_retired",
    },
    { text: /5\.7\.30\b/, remedyId: "smtp.policy_refused" },
    { text: /security defaults/i, remedyId: "smtp.security_defaults" },
    { text: /did not meet the criteria/i, remedyId: "smtp.policy_refused" },
    ...refused({ text: /user credentials were incorrect/i }, "smtp.auth_unsuccessful"),
    { text: /5\.7\.139/, remedyId: "smtp.policy_refused" },
    { text: /^432/, remedyId: "mail.throttled" },
    { text: TOO_MANY, remedyId: "mail.throttled" },
    { text: /MailboxInTransit/i, remedyId: "mail.mailbox_moving" },
    { text: /^430|mailbox logon failure/i, remedyId: "smtp.not_connected" },
    { text: /^4/, remedyId: "mail.temporary" },
    { text: TOO_LONG, stage: "authenticate", remedyId: "token.too_long" },
    // Microsoft, NDR codes: sender, organization, our address
    {
      text: /5\.1\.8\b|5\.7\.(?:50[1-3]|511)\b|bad outbound sender|spam abuse detected/i,
      remedyId: "smtp.sender_blocked",
    },
    { text: /5\.7\.7(?:05|50)\b|tenant has exceeded/i, remedyId: "smtp.tenant_blocked" },
    {
      text: /5\.7\.(?:508|60[6-9]|6[1-4]\d|708)\b|banned sending IP|not accepted from this IP/i,
      remedyId: "smtp.address_refused",
    },
    {
      text: /5\.2\.252|SendAsDenied|5\.7\.60\b|send as this sender|not owned by user/i,
      remedyId: "smtp.send_as_denied",
    },
    { text: /SubmissionQuotaExceeded/i, remedyId: "smtp.recipient_quota" },
    { text: /5\.2\.2\b|mailbox (?:is )?full/i, remedyId: "smtp.mailbox_full" },
    {
      text: /client host (?:\S{1,300} ){0,3}blocked|blocked using/i,
      remedyId: "smtp.client_refused",
    },
    { text: /5\.7\.57|^530/, remedyId: "smtp.not_authenticated" },
    { text: /^534/, remedyId: "password.app_password" },
    { text: APP_PASSWORD, remedyId: "password.app_password" },
    {
      text: /^(?:50[024]|538)|5\.7\.4\b/,
      stage: "authenticate",
      remedyId: "smtp.auth_not_offered",
    },
    // RFC 4954 §4: the exchange's form, not the credential.
    { text: /^(?:501|503|555)/, stage: "authenticate", remedyId: "smtp.refused" },
    ...refused({ stage: "authenticate" }, "smtp.auth_unsuccessful"),
    { stage: "sender", remedyId: "smtp.sender_refused" },
    { stage: "greeting", remedyId: "smtp.client_refused" },
  ],
  pop3: [
    ...GMAIL,
    { text: NOT_CONNECTED, remedyId: "pop3.not_connected" },
    { text: /Protocol error\. Connection is closed/i, remedyId: "pop3.protocol_error" },
    { text: /^(?!-ERR)/i, remedyId: "mail.protocol_error" },
    // RFC 3206, RFC 2449 §8.1
    { text: /\[SYS\/TEMP\]/i, remedyId: "mail.temporary" },
    { text: /\[SYS\/PERM\]/i, remedyId: "mail.contact_admin" },
    { text: /\[LOGIN-DELAY\]/i, remedyId: "mail.throttled" },
    { text: TOO_MANY, remedyId: "mail.throttled" },
    { text: /\[IN-USE\]/i, remedyId: "pop3.mailbox_locked" },
    { text: APP_PASSWORD, remedyId: "password.app_password" },
    { text: TOO_LONG, stage: "authenticate", remedyId: "token.too_long" },
    { text: LATER, remedyId: "mail.temporary" },
    ...refused({ stage: "authenticate" }, "pop3.authentication_failure"),
    { stage: "mailbox", remedyId: "pop3.mailbox_refused" },
  ],
};

function applies({ remedyId, stage, text }: Row, reply: string, context: FailureContext): boolean {
  if (stage !== undefined && stage !== context.stage) return false;
  return (text?.test(reply) ?? true) && fits(findRemedy(remedyId), context);
}

/** `535 5.7.3`, `AUTHENTICATIONFAILED`, `SYS/TEMP`; else `NO`, `BAD`, `BYE`, `-ERR`. */
function codeOf(reply: string): string | undefined {
  const smtp = /^(\d{3})[ -](?:(\d\.\d{1,3}\.\d{1,3})\b)?/.exec(reply);
  if (smtp) return smtp[2] === undefined ? smtp[1] : `${smtp[1]} ${smtp[2]}`;
  const responseCode = /\[([A-Z][\w/-]{1,39})[\] ]/i.exec(reply)?.[1];
  return responseCode?.toUpperCase() ?? /\b(?:NO|BAD|BYE)\b|^-ERR/.exec(reply)?.[0];
}
