import { GOOGLE_ERRORS } from "./google/google-error";
import { DELTA_FAULTS, GRAPH_ANSWERS } from "./graph/errors";
import { SERVER_REPLIES } from "./mail/server-replies";

export type Place = "authorize" | "token" | "graph" | "imap" | "pop3" | "smtp";

export interface FaultDefinition {
  id: string;
  label: string;
  effect: string;
  places: readonly Place[];
  /** Whether it strikes everyone, because it is unknown who is asking, or does not matter. */
  isForAll?: boolean;
  /** What `seconds` means here, with its default. */
  seconds?: { meaning: string; default: number };
}

/** In the order they are shown: id, places, label, effect, and what its seconds are. */
const TABLE = `
secret_expired | token for all | Client secret expired | Every secret counts as expired: AADSTS7000222.
secret_wrong | token for all | Client secret wrong | No secret is accepted: AADSTS7000215.
new_secret_late | token for all | New secrets not known yet | A secret that Graph just made is refused for a while: AADSTS7000215. | age from which it is known | 60
fast_device_code | token | Device codes for the hurried | They are asked about every second instead of every five, and end soon. | until they end | 900
device_slow_down | token | Device codes: slow down | A program that asks about a device code is told to ask less often.
graph_permission_missing | token for all | Graph permission missing | Application.ReadWrite.OwnedBy is not in Graph's token: 403.
graph_not_owner | graph for all | Application not its own owner | Graph lets it read itself, and refuses every change: 403.
graph_answer_lost | graph for all | Answer of Graph lost | A change is made, and the connection breaks before the answer.
app_disabled | authorize+token for all | Application disabled | The enterprise application is switched off: AADSTS7000112.
tenant_unknown | authorize+token for all | Tenant unknown | No tenant is found: AADSTS90002.
grant_revoked | token | Sign-in revoked | Refreshing says AADSTS50173 (bad_token).
conditional_access | authorize+token | Blocked by Conditional Access | Signing in again does not help: AADSTS53003.
fewer_scopes | token | Fewer permissions granted | SMTP.Send is missing from the token.
no_refresh_token | token | No refresh token | The answer has none, as without offline_access.
expired_token | token | Token already expired | The access token ran out before it was handed over; the mail servers refuse it.
short_token | token | Short-lived tokens | Access tokens live only so many seconds, to watch them being renewed. | lifetime | 60
future_token | token | Token of the future | The access token is valid from an hour from now on; the mail servers refuse it.
guest_user | token | A guest signed in | The access token is of a guest of the tenant, who has no mailbox in it.
bad_id_token_signature | token | Forged id_token | Its signature is not by a published key.
wrong_nonce | token | Wrong nonce | The id_token answers another sign-in.
throttled | token+graph | Throttled | 429 with Retry-After. | Retry-After | 30
throttled_unsaid | token+graph | Throttled, not until when | 429 without Retry-After.
server_error | token+graph | Service unavailable | 503 with an HTML page.
echo | token+graph | Request repeated | 400 that repeats all that was sent, secrets included, in clear and encoded.
slow | authorize+token | Slow | Every answer waits. | delay | 3
reset | token+graph | Connection reset | The connection is torn down.
truncated | token+graph | Cut-off answer | Half of the JSON, then the end.
html_200 | token+graph | HTML instead of JSON | 200 with a captive portal's page.
empty_json | token+graph | Empty answer | 200 with {}.
blocked_403 | token+graph | Blocked by a proxy | 403 with JSON that names no error.
huge_body | token+graph | Huge answer | 200 with 64 MB.
imap_disabled | imap | IMAP off for the mailbox | NO AUTHENTICATE failed.
pop_disabled | pop3 | POP off for the mailbox | -ERR Authentication failure.
smtp_auth_disabled_tenant | smtp | SMTP AUTH off for the organisation | 535 5.7.139 … disabled for the Tenant.
smtp_auth_disabled_mailbox | smtp | SMTP AUTH off for the mailbox | 535 5.7.139 … disabled for the Mailbox.
authenticated_not_connected | imap | Authenticated but not connected | IMAP takes the token, then refuses every command and hangs up.
temporary | imap+pop3+smtp | Temporary refusal | 454 4.7.0 on SMTP, NO [UNAVAILABLE] on IMAP, -ERR [SYS/TEMP] on POP3.
mail_slow | imap+pop3+smtp for all | Mail server slow | Every reply waits. | delay | 2
mail_hang | imap+pop3+smtp for all | No greeting | Connected, then silence.
mail_drop | imap+pop3+smtp for all | Connection dropped | Reset as soon as it is open.
xss_banner | imap+pop3+smtp for all | Script in the greeting | The greeting holds an <img onerror> that a page must not run.
no_xoauth2 | imap+pop3+smtp for all | XOAUTH2 not offered | The mechanism is missing from the capabilities.
no_starttls | imap+pop3+smtp for all | STARTTLS not offered | A server that should upgrade does not offer it.
certificate_wrong_name | imap+pop3+smtp for all | Certificate for another name | Trusted, but issued to mail.wrong-name.test.
`;

function readFault(row: string): FaultDefinition {
  const [id = "", where = "", label = "", effect = "", meaning, seconds] = row.split(" | ");
  const [at = "", ...forAll] = where.split(" ");
  return {
    id,
    label,
    effect,
    places: at.split("+") as Place[], // the table has no others
    isForAll: forAll.length > 0,
    ...(meaning && { seconds: { meaning, default: Number(seconds) } }),
  };
}

/** The faults of the identity platform and of the mail servers. */
export const FAULTS: readonly FaultDefinition[] = [
  ...TABLE.trim().split("\n").map(readFault),
  ...Object.entries(GOOGLE_ERRORS).map(([id, [status, code, description]]) => ({
    id: `google:${id}`,
    places: ["authorize", "token"] as const,
    label: `Google: ${code}`,
    effect: `${description} (status ${status}).`,
  })),
  ...Object.entries(GRAPH_ANSWERS).map(([id, [status, code]]) => ({
    id: `graph:${id}`,
    places: ["graph"] as const,
    label: `Graph says ${status}${code && ` ${code}`}`,
    effect: id === "gateway_timeout" ? "After the message was sent." : "The message is not sent.",
  })),
  ...Object.entries(DELTA_FAULTS).map(([id, effect]) => ({
    id: `delta:${id}`,
    places: ["graph"] as const,
    label: `Graph's changes: ${id.replace("_", " ")}`,
    effect,
  })),
  ...SERVER_REPLIES.map(({ id, place, at, turns }) => ({
    id,
    places: [place],
    label: `Says at ${at}`,
    effect: turns.join(" … "),
    isForAll: at === "greeting",
  })),
];
