import type { HttpsReply } from "@/lib/egress/https";
import { sendHttps } from "@/lib/oauth/https";
import { type MailRemedyId, mailFailure, ProbeFailure, probeFailure } from "../probe-failure";
import { type GraphMailbox, inItsTurn, notAnswered, refusalOf, UNAUTHORIZED } from "./request";

const PAGE = 10;
/** Of so many messages with headers of 256 KB, the most that Exchange Online takes, and their recipients. */
const MAX_BYTES = 8 * 1024 * 1024;

const OK = 200;

/** What is read of a mailbox. @param url of our own, or a link of an answer @throws ProbeFailure */
export function getFromGraph(
  mailbox: GraphMailbox,
  url: string,
  signal?: AbortSignal,
): Promise<HttpsReply> {
  if (!isOwnLink(mailbox, url)) throw probeFailure("graph.malformed_answer");
  const { accessToken, drop } = mailbox;
  const request = { url, method: "GET", maxBytes: MAX_BYTES } as const;
  const headers = {
    authorization: `Bearer ${accessToken}`,
    accept: "application/json",
    prefer: `IdType="ImmutableId", odata.maxpagesize=${PAGE}`,
  };
  const ask = async (leftMs: number) => {
    const reply = await sendHttps({ ...request, headers }, leftMs).catch(notAnswered);
    if (reply.status === OK) return reply;
    if (reply.status === UNAUTHORIZED) await drop();
    throw refusalOf(reply, [accessToken]);
  };
  return inItsTurn(mailbox, ask, { signal }).catch(asReading);
}

/** Before a token is sent there: https, the same host and port, no user, below the same version. */
export function isOwnLink({ address }: GraphMailbox, link: string): boolean {
  const own = new URL(address);
  const url = URL.canParse(link) ? new URL(link) : undefined;
  return (
    url?.origin === own.origin &&
    url.username === "" &&
    url.password === "" &&
    url.pathname.startsWith("/v1.0/")
  );
}

const AS_READING: Readonly<Partial<Record<string, MailRemedyId>>> = {
  "graph.send_denied": "graph.read_denied",
  "graph.send_refused": "graph.read_refused",
  "graph.message_refused": "graph.read_refused",
  "graph.outcome_unknown": "graph.unclear_answer",
};

function asReading(error: unknown): never {
  if (!(error instanceof ProbeFailure)) throw error;
  const { failure, retryAfterMs, remedyId } = error;
  const { code, serverText } = failure;
  const said = { ...(code && { code }), ...(serverText && { serverText }) };
  const read = AS_READING[remedyId];
  throw read ? new ProbeFailure(mailFailure(read, said), { retryAfterMs }) : error;
}
