import type { MailRemedyId } from "./mail-failures";
import type { FailureContext, MailProtocol, MailStage } from "./report";

/** What a server's refusal means, and the code by which an administrator may look it up. */
export function refusalRemedy(
  reply: string,
  context: FailureContext,
): { remedyId: MailRemedyId; code: string | undefined } {
  const row = ROWS[context.protocol].find((candidate) => applies(candidate, reply, context));
  return { remedyId: row?.remedyId ?? FALLBACK[context.protocol], code: codeOf(reply) };
}

/** All conditions that a row names have to hold; the first row that applies decides. */
type Row = {
  remedyId: MailRemedyId;
  text?: RegExp;
  stage?: MailStage;
  credential?: "xoauth2" | "password";
};

const FALLBACK: Record<MailProtocol, MailRemedyId> = {
  imap: "mail.protocol_error",
  smtp: "smtp.refused",
  pop3: "pop3.refused",
};

// The fragments are the ones that Microsoft publishes or that issue threads quote; no other
// signal tells these cases apart. Reply codes and response codes (RFC 5530, RFC 3206) otherwise.
const ROWS: Record<MailProtocol, readonly Row[]> = {
  imap: [
    { text: /authenticated but not connected/i, remedyId: "imap.not_connected" },
    { text: /AccessTokenExpired|Session invalidated/i, remedyId: "token.expired" },
    { text: /\[LIMIT\]|\[THROTTLED\]|is throttled|ConcurrencyLimit/i, remedyId: "mail.throttled" },
    { text: /too many (?:simultaneous )?(?:connections|login)/i, remedyId: "mail.throttled" },
    { text: /\[(?:UNAVAILABLE|INUSE|SERVERBUG)\]/i, remedyId: "mail.temporary" },
    { text: /\[PRIVACYREQUIRED\]|LOGINDISABLED/i, remedyId: "imap.login_disabled" },
    { text: /application-specific password/i, remedyId: "password.app_password" },
    { text: /LOGIN failed\./, credential: "password", remedyId: "imap.basic_auth_off" },
    { text: /^\* BYE\b/i, remedyId: "imap.bye" },
    { stage: "authenticate", credential: "password", remedyId: "password.refused" },
    { stage: "authenticate", remedyId: "imap.authenticate_failed" },
    { stage: "mailbox", remedyId: "imap.mailbox_refused" },
  ],
  smtp: [
    { text: /is disabled for the Tenant/i, remedyId: "smtp.auth_disabled_tenant" },
    { text: /is disabled for the Mailbox/i, remedyId: "smtp.auth_disabled_mailbox" },
    {
      text: /5\.7\.30|basic authentication is (?:disabled|not supported)/i,
      remedyId: "smtp.basic_auth_retired",
    },
    { text: /security defaults/i, remedyId: "smtp.security_defaults" },
    {
      text: /user credentials were incorrect/i,
      credential: "password",
      remedyId: "password.refused",
    },
    { text: /did not meet the criteria/i, remedyId: "smtp.policy_refused" },
    { text: /user credentials were incorrect/i, remedyId: "smtp.auth_unsuccessful" },
    { text: /5\.7\.139/, remedyId: "smtp.policy_refused" },
    {
      text: /^432|Concurrent connections|thread limit|too many (?:connections|concurrent)|throttl/i,
      remedyId: "mail.throttled",
    },
    { text: /^430|mailbox logon failure/i, remedyId: "smtp.no_mailbox_rights" },
    { text: /^4/, remedyId: "mail.temporary" },
    {
      text: /5\.2\.252|SendAsDenied|5\.7\.60|send as this sender|not owned by user/i,
      remedyId: "smtp.send_as_denied",
    },
    { text: /SubmissionQuotaExceeded/i, remedyId: "smtp.recipient_quota" },
    { text: /5\.1\.8\b|Bad outbound sender/i, remedyId: "smtp.sender_blocked" },
    { text: /5\.2\.2\b|mailbox (?:is )?full/i, remedyId: "smtp.mailbox_full" },
    { text: /client host .*blocked|blocked using/i, remedyId: "smtp.client_refused" },
    { text: /5\.7\.57|^530/, remedyId: "smtp.not_authenticated" },
    { text: /^534|application-specific password/i, remedyId: "password.app_password" },
    { text: /^50[024]|5\.7\.4\b/, stage: "authenticate", remedyId: "smtp.auth_not_offered" },
    { stage: "authenticate", credential: "password", remedyId: "password.refused" },
    { stage: "authenticate", remedyId: "smtp.auth_unsuccessful" },
    { stage: "sender", remedyId: "smtp.sender_refused" },
    { stage: "greeting", remedyId: "smtp.client_refused" },
  ],
  pop3: [
    { text: /Protocol error\. Connection is closed/i, remedyId: "pop3.protocol_error" },
    { text: /\[SYS\/TEMP\]/i, remedyId: "mail.temporary" },
    {
      text: /\[LOGIN-DELAY\]|throttl|too many (?:simultaneous )?connections/i,
      remedyId: "mail.throttled",
    },
    { text: /\[IN-USE\]/i, remedyId: "pop3.mailbox_locked" },
    { text: /application-specific password/i, remedyId: "password.app_password" },
    { text: /^(?!-ERR)/i, remedyId: "mail.protocol_error" },
    { stage: "authenticate", credential: "password", remedyId: "password.refused" },
    { stage: "authenticate", remedyId: "pop3.authentication_failure" },
    { stage: "mailbox", remedyId: "pop3.mailbox_refused" },
  ],
};

function applies(row: Row, reply: string, context: FailureContext): boolean {
  if (row.stage !== undefined && row.stage !== context.stage) return false;
  if (row.credential !== undefined && row.credential !== context.credential) return false;
  return row.text === undefined || row.text.test(reply);
}

/** `535 5.7.3`, `AUTHENTICATIONFAILED`, `SYS/TEMP`, or at least `NO`, `BAD`, `BYE`, `-ERR`. */
function codeOf(reply: string): string | undefined {
  const smtp = /^(\d{3})[ -](?:(\d\.\d{1,3}\.\d{1,3})\b)?/.exec(reply);
  if (smtp) return smtp[2] === undefined ? smtp[1] : `${smtp[1]} ${smtp[2]}`;
  const responseCode = /\[([A-Z][\w/-]{1,39})[\] ]/i.exec(reply)?.[1];
  return responseCode?.toUpperCase() ?? /\b(?:NO|BAD|BYE)\b|^-ERR/.exec(reply)?.[0];
}
