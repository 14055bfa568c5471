import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { HttpsError, type HttpsReply, isOfCertificate } from "@/lib/egress/https";
import { elapsed, SECOND_MS } from "@/lib/kernel/clock";
import { readJson } from "@/lib/kernel/text/parse-json";
import { parseRetryAfter, sendHttps } from "@/lib/oauth/https";
import { OUTCOME_UNKNOWN } from "@/lib/remedies/graph-sending";
import { type MailRemedyId, mailFailure, ProbeFailure, probeFailure } from "../probe-failure";
import { safeServerText } from "../text";

/** Where a mailbox is: `<origin>/v1.0/me`, or `/v1.0/users/<mailbox>`. */
export type GraphMailbox = {
  address: string;
  accessToken: string;
  /** @throws ProbeFailure graph.busy when its application asks for too much at once */
  turn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Its server refuses the token: the next use fetches another. */
  drop: () => Promise<void>;
};

/** Hands the message over; any other answer of the 200s was seen without a message sent. */
const TAKEN = 202;

const DEADLINE_MS = 15 * SECOND_MS;
/** Of its time: with less of it, a request would probably end as unknown. */
const LEAST = 1 / 3;

export type Sending = {
  secrets: readonly string[];
  deadlineMs?: number;
  /** Who sends is there no more: what has not left does not leave. */
  signal?: AbortSignal;
};

/**
 * Graph serves four requests of an application at once, for all its mailboxes, and asks the others to
 * wait: once, as long as it says, if there is time for it. Nothing else is repeated.
 * https://learn.microsoft.com/graph/api/user-sendmail
 * @param mime the whole message (RFC 5322); its recipients are those of its header
 * @throws ProbeFailure also graph.outcome_unknown: the message may be on its way
 */
export function postMessage(
  mailbox: GraphMailbox,
  mime: Buffer,
  { secrets, deadlineMs = DEADLINE_MS, signal }: Sending,
): Promise<HttpsReply> {
  return inItsTurn(mailbox, (leftMs) => post(mailbox, mime, { secrets, deadlineMs: leftMs }), {
    deadlineMs,
    signal,
  });
}

type Patience = { deadlineMs?: number; signal?: AbortSignal | undefined };

/** @param ask told how much time is left @throws ProbeFailure also graph.busy */
export async function inItsTurn<T>(
  mailbox: GraphMailbox,
  ask: (leftMs: number) => Promise<T>,
  { deadlineMs = DEADLINE_MS, signal }: Patience,
): Promise<T> {
  const end = elapsed() + deadlineMs;
  const attempt = () =>
    mailbox.turn(() => {
      const leftMs = end - elapsed();
      if (signal?.aborted || leftMs < deadlineMs * LEAST) throw probeFailure("graph.busy");
      return ask(leftMs);
    });
  try {
    return await attempt();
  } catch (error) {
    const waitMs = error instanceof ProbeFailure && isBusy(error) ? error.retryAfterMs : undefined;
    if (waitMs === undefined || elapsed() + waitMs + deadlineMs * LEAST > end) throw error;
    await sleep(waitMs, undefined, { signal }).catch(() => {});
    return attempt();
  }
}

const isBusy = ({ remedyId }: ProbeFailure) => remedyId === "graph.busy";

async function post(mailbox: GraphMailbox, mime: Buffer, { secrets, deadlineMs }: Sending) {
  const { address, accessToken, drop } = mailbox;
  const url = `${address}/sendMail`;
  const headers = { authorization: `Bearer ${accessToken}`, "content-type": "text/plain" };
  const body = mime.toString("base64");
  const request = { url, method: "POST", headers, body, isRepeatable: false, readsBody } as const;
  const reply = await sendHttps(request, deadlineMs).catch(notAnswered);
  if (reply.status === TAKEN) return reply;
  if (reply.status === UNAUTHORIZED) await drop();
  throw refusalOf(reply, secrets);
}

/** @throws ProbeFailure */
export function notAnswered(error: unknown): never {
  if (!(error instanceof HttpsError)) throw error;
  throw probeFailure(remedyOfNetwork(error), { code: error.networkCode });
}

/** What follows its 202 takes nothing back. */
const readsBody = (status: number) => status !== TAKEN;

function remedyOfNetwork({ networkCode, hasLeft }: HttpsError): MailRemedyId {
  if (hasLeft) return OUTCOME_UNKNOWN;
  return isOfCertificate(networkCode) ? "postkey.platform_certificate" : "graph.unreachable";
}

const errorSchema = z.object({
  error: z.object({ code: z.string().min(1), message: z.string().catch("") }),
});

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
  ["ApplicationThrottled", "graph.busy"],
]);

export const UNAUTHORIZED = 401;

const BY_STATUS: ReadonlyMap<number, MailRemedyId> = new Map([
  [UNAUTHORIZED, "graph.token_refused"],
  [403, "graph.send_denied"],
  [413, "graph.message_refused"],
  [429, "graph.busy"],
]);

/** What an answer means that is not the one hoped for, with its own words. */
export function refusalOf({ status, headers, body }: HttpsReply, secrets: readonly string[]) {
  const said = readJson(errorSchema, body)?.error;
  const retryAfterMs = parseRetryAfter(headers["retry-after"]);
  const code = safeServerText(`${status}${said ? ` ${said.code}` : ""}`, secrets);
  const serverText =
    said && safeServerText([said.code, said.message].filter(Boolean).join(": "), secrets);
  const failure = mailFailure(remedyOf(), { code, ...(serverText && { serverText }) });
  return new ProbeFailure(failure, { retryAfterMs });

  function remedyOf(): MailRemedyId {
    // It says itself that the request was not served.
    if (status === 503 && retryAfterMs !== undefined) return "graph.busy";
    if (status >= 500 || status < 400) return OUTCOME_UNKNOWN;
    const known = (said && GRAPH_CODES.get(said.code)) ?? BY_STATUS.get(status);
    // Not Graph's words: something on the way may have passed the message on.
    return known ?? (said ? "graph.send_refused" : OUTCOME_UNKNOWN);
  }
}
