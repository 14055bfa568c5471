import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { HttpsError, type HttpsReply, isOfCertificate } from "@/lib/egress/https";
import { elapsed, SECOND_MS } from "@/lib/kernel/clock";
import { readJson } from "@/lib/kernel/text/parse-json";
import { parseRetryAfter, sendHttps } from "@/lib/oauth/https";
import { type MailRemedyId, probeFailure } from "../probe-failure";
import { safeServerText } from "../text";

/** Where a mailbox sends: `<origin>/v1.0/me`, or `/v1.0/users/<mailbox>`. */
export type GraphMailbox = { address: string; accessToken: string };

/** Hands the message over; any other answer of the 200s was seen without a message sent. */
export const TAKEN = 202;

const DEADLINE_MS = 15 * SECOND_MS;
/** Longer ones are for who asked. */
const LONGEST_WAIT_MS = 10 * SECOND_MS;

/**
 * Graph serves four requests of an application at once, for all its mailboxes, and asks the others to
 * wait: once, as long as it says. Nothing else is repeated. https://learn.microsoft.com/graph/api/user-sendmail
 * @param mime the whole message (RFC 5322); its recipients are those of its header
 * @throws ProbeFailure of the network; graph.outcome_unknown if the message may be on its way
 */
export async function postMessage(mailbox: GraphMailbox, mime: Buffer, deadlineMs = DEADLINE_MS) {
  const begun = elapsed();
  const reply = await post(mailbox, mime, deadlineMs);
  const waitMs = parseRetryAfter(reply.headers["retry-after"]);
  if (reply.status !== TOO_MANY || waitMs === undefined || waitMs > LONGEST_WAIT_MS) return reply;
  await sleep(waitMs);
  return post(mailbox, mime, Math.max(SECOND_MS, deadlineMs - (elapsed() - begun)));
}

const TOO_MANY = 429;

async function post(
  { address, accessToken }: GraphMailbox,
  mime: Buffer,
  deadlineMs: number,
): Promise<HttpsReply> {
  const url = `${address}/sendMail`;
  const headers = { authorization: `Bearer ${accessToken}`, "content-type": "text/plain" };
  const body = mime.toString("base64");
  const request = { url, method: "POST", headers, body, isRepeatable: false } as const;
  try {
    return await sendHttps(request, deadlineMs);
  } catch (error) {
    if (!(error instanceof HttpsError)) throw error;
    throw probeFailure(remedyOfNetwork(error.networkCode), { code: error.networkCode });
  }
}

/** Before a request could leave: there is no name, no connection, or another server. */
const NEVER_LEFT =
  /^(?:ENOTFOUND|EAI_|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|PORT_REFUSED|PRIVATE_ADDRESS|PLAIN_REFUSED)/;

function remedyOfNetwork(networkCode: string): MailRemedyId {
  if (isOfCertificate(networkCode)) return "postkey.platform_certificate";
  if (NEVER_LEFT.test(networkCode)) return "graph.unreachable";
  if (/^(?:EPROTO$|ERR_SSL_)/.test(networkCode)) return "graph.malformed_answer";
  return "graph.outcome_unknown";
}

const errorSchema = z.object({ error: z.object({ code: z.string().min(1), message: z.string() }) });

/** By its `error.code`; statuses differ between reports of the same code. */
export const GRAPH_CODES: ReadonlyMap<string, MailRemedyId> = new Map([
  ["InvalidAuthenticationToken", "graph.token_refused"],
  ["ErrorAccessDenied", "graph.send_denied"],
  ["NoPermissionsInAccessToken", "graph.send_denied"],
  ["ErrorSendAsDenied", "graph.send_as_denied"],
  ["MailboxNotEnabledForRESTAPI", "graph.no_mailbox"],
  ["ErrorMailboxNotEnabledForRESTAPI", "graph.no_mailbox"],
  ["ErrorInvalidUser", "graph.unknown_mailbox"],
  ["ErrorItemNotFound", "graph.unknown_mailbox"],
  ["ErrorMessageSubmissionBlocked", "graph.send_blocked"],
  ["ErrorExceededMessageLimit", "graph.send_limit"],
  ["ErrorQuotaExceeded", "graph.mailbox_full"],
  ["ErrorInvalidRecipients", "graph.message_refused"],
  ["InvalidInternetMessageHeader", "graph.message_refused"],
  ["ErrorMimeContentInvalidBase64String", "graph.message_refused"],
  ["ErrorMessageSizeExceeded", "graph.message_refused"],
]);

const BY_STATUS: ReadonlyMap<number, MailRemedyId> = new Map([
  [401, "graph.token_refused"],
  [403, "graph.send_denied"],
  [413, "graph.message_refused"],
  [TOO_MANY, "graph.busy"],
]);

/** What an answer other than 202 means, with its own words. */
export function refusalOf({ status, headers, body }: HttpsReply, secrets: readonly string[]) {
  const said = readJson(errorSchema, body)?.error;
  const code = `${status}${said ? ` ${said.code}` : ""}`;
  const serverText = said && safeServerText(`${said.code}: ${said.message}`, secrets);
  const facts = { code: safeServerText(code, secrets), ...(serverText && { serverText }) };
  return probeFailure(remedyOf(), facts);

  function remedyOf(): MailRemedyId {
    const known = said && GRAPH_CODES.get(said.code);
    // It says itself that the request was not served.
    if (status === 503 && parseRetryAfter(headers["retry-after"]) !== undefined)
      return "graph.busy";
    if (status >= 500 || status < 400) return "graph.outcome_unknown";
    return (
      known ?? BY_STATUS.get(status) ?? (said ? "graph.send_refused" : "graph.malformed_answer")
    );
  }
}
