import { type Duplex, duplexPair } from "node:stream";
import { openGraph } from "@/lib/email-accounts/mailbox/open";
import type { Actor } from "@/lib/kernel/actor";
import { SECOND_MS } from "@/lib/kernel/clock";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import { ByteReader } from "@/lib/mail/byte-reader";
import { withRecipients } from "@/lib/mail/graph/recipients";
import { handToGraph } from "@/lib/mail/graph/send";
import { ProbeFailure } from "@/lib/mail/probe-failure";
import { asAppError } from "@/lib/remedies/app-error";
import { isOfMessage } from "@/lib/remedies/graph-sending";
import { ALONE, NO_COMMAND, NO_MAIL, readVerb } from "../smtp-words";
import { MAX_BYTES, receive, TOO_LARGE } from "./receive";
import type { ServerSocket, Upstream } from "./upstream";

/** Exchange Online limits, recipients of a message */
const MAX_RECIPIENTS = 500;
/** More than the relay lets through. */
const MAX_LINE = 8_192;
const DEADLINE_MS = 30 * SECOND_MS;

const LARGE_HEADER = "552 5.3.4 The header of this message is too large.";
const TOO_MANY = `452 4.5.3 A message has up to ${MAX_RECIPIENTS} recipients.`;
const NO_RECIPIENT = "554 5.5.1 No recipient.";
const NOT_THE_SAME =
  "554 5.6.0 Microsoft Graph sends to everyone in To and Cc, and not all of them were given as recipients. Send it to all of them.";

type Account = { id: string };

/**
 * Microsoft Graph behind the words of a mail server (RFC 5321), so that devices are relayed to it as to
 * any other: within this process, and with 250 only after its 202.
 * @throws AppError when there is no token @permission none: openGraph asks.
 */
export async function openGraphUpstream(actor: Actor, account: Account): Promise<Upstream> {
  await openGraph(actor, account, { purpose: "send", way: "send" });
  const [near, far] = duplexPair();
  near.once("close", () => far.destroy());
  far.once("close", () => near.destroy());
  const gone = new AbortController();
  far.once("close", () => gone.abort());
  const by = { actor, account, signal: gone.signal };
  void serve(far, (mime) => hand(by, mime)).catch((error: unknown) => {
    log.error({ error }, "messages for Microsoft Graph are not taken any more");
    far.destroy();
  });
  const offers = new Set(["SIZE", "8BITMIME", "PIPELINING"]);
  return { socket: asSocket(near), rest: Buffer.alloc(0), replies: [], offers };
}

/** Nothing waits here without an end: the device's own silence, and the deadline of a request. */
function asSocket(end: Duplex): ServerSocket {
  return Object.assign(end, { setTimeout: () => end, destroySoon: () => void end.destroy() });
}

type Hand = (mime: Buffer) => Promise<string>;

async function serve(socket: Duplex, handOver: Hand): Promise<void> {
  const reader = new ByteReader(socket);
  // In another's words, a character may hide a line break.
  const say = (words: string) =>
    socket.write(`${words.replace(/[^\x20-\x7e]+/g, " ")}\r\n`, "latin1");
  for (let recipients: Recipients = null; ; ) {
    const line = (await reader.line(MAX_LINE))?.toString("latin1") ?? "QUIT";
    const verb = readVerb(line);
    if (verb === "DATA" && recipients?.length) {
      say("354 Go ahead.");
      const to = recipients;
      const words = await receive(reader, (message) => send(message, to, handOver));
      if (words) say(words);
      recipients = null;
    } else {
      const [words, next]: Answer = (ANSWERS[verb] ?? other)(line, recipients);
      say(words);
      recipients = next;
    }
    if (verb === "QUIT" || socket.destroyed) return void socket.end();
  }
}

type Answer = [words: string, recipients: string[] | null];
type Recipients = string[] | null;

const ANSWERS: Readonly<Record<string, (line: string, recipients: Recipients) => Answer>> = {
  MAIL(line, recipients) {
    if (recipients) return ["503 5.5.1 There is a sender already.", recipients];
    const [, size = "0"] = /\sSIZE=(\d{1,20})/i.exec(line) ?? [];
    return Number(size) > MAX_BYTES ? [TOO_LARGE, null] : ["250 2.1.0 OK", []];
  },
  RCPT(line, recipients) {
    if (!recipients) return [NO_MAIL, null];
    if (recipients.length >= MAX_RECIPIENTS) return [TOO_MANY, recipients];
    const recipient = readRecipient(line);
    if (recipient === null) return ["501 5.1.3 This is no address.", recipients];
    return ["250 2.1.5 OK", [...recipients, recipient]];
  },
  DATA: (_line, recipients) => [recipients ? NO_RECIPIENT : NO_MAIL, recipients],
  EHLO: () => ["250 Postkey", null],
  HELO: () => ["250 Postkey", null],
  RSET: () => ["250 2.0.0 OK", null],
};

function other(line: string, recipients: Recipients): Answer {
  return [ALONE[readVerb(line)] ?? NO_COMMAND, recipients];
}

async function send(message: Buffer, recipients: string[], handOver: Hand): Promise<string> {
  const mime = withRecipients(message, recipients);
  if (mime === "others") return NOT_THE_SAME;
  if (mime === "too large") return LARGE_HEADER;
  if (mime.length > MAX_BYTES) return TOO_LARGE;
  try {
    return `250 2.0.0 ${await handOver(mime)}`;
  } catch (error) {
    const failure = asAppError(error);
    if (!(failure instanceof AppError)) {
      log.error({ error }, "a message is not sent through Microsoft Graph");
      return "451 4.3.0 Postkey could not send the message. Send it again.";
    }
    const words = failure.message.slice(0, 400);
    // A queue waits for what an administrator mends, and does not repeat what may be on its way.
    const code = isOfMessage(failure.remedyId) ? "554 5.0.0" : "451 4.7.0";
    return `${code} ${words}${why(failure)}`;
  }
}

/** What it stands for at the end, which names it on the page of the device. */
function why({ cause, remedyId }: AppError): string {
  const code = cause instanceof ProbeFailure ? cause.failure.code : undefined;
  return [code && ` (${code})`, remedyId && ` [${remedyId}]`].filter(Boolean).join("");
}

type By = { actor: Actor; account: Account; signal: AbortSignal };

/** A token each time: the connection outlives it, and the right to it. */
async function hand({ actor, account, signal }: By, mime: Buffer): Promise<string> {
  const mailbox = await openGraph(actor, account, { purpose: "send", way: "send" });
  const secrets = [mailbox.accessToken];
  return handToGraph(mailbox, mime, { secrets, deadlineMs: DEADLINE_MS, signal });
}

/** In a field of several, anything else could be read as two, or hide the next one. ASCII: RFC 6531 is not offered. */
const ONE_ADDRESS = /^(?:(?![<>()[\]\\,;:"@])[!-~])+@[\w.-]+$/;

/** Null: no address. As it came: Exchange judges it. */
export function readRecipient(line: string): string | null {
  const [, bracketed, bare] =
    /^RCPT\s+TO:\s*(?:<(?:@[^<>:]*:)?([^<>\s]+)>|([^<>\s]+))/i.exec(line) ?? [];
  const address = bracketed ?? bare ?? "";
  return ONE_ADDRESS.test(address) ? address : null;
}
