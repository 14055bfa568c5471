import { type Duplex, duplexPair } from "node:stream";
import { openGraph } from "@/lib/email-accounts/mailbox/open";
import type { Actor } from "@/lib/kernel/actor";
import { SECOND_MS } from "@/lib/kernel/clock";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import { ByteReader } from "@/lib/mail/byte-reader";
import { withRecipients } from "@/lib/mail/graph/recipients";
import { handToGraph } from "@/lib/mail/graph/send";
import { asAppError } from "@/lib/remedies/app-error";
import { isOfMessage } from "@/lib/remedies/graph-sending";
import { DataEnd } from "../data-end";
import { ALONE, NO_COMMAND, NO_MAIL, readVerb } from "../smtp-words";
import type { ServerSocket, Upstream } from "./upstream";

/** Larger ones were answered 200 and never sent (microsoftgraph/microsoft-graph-docs-contrib#3079). */
const MAX_BYTES = 2_240 * 1024;
/** Exchange Online limits, recipients of a message */
const MAX_RECIPIENTS = 500;
const MAX_LINE = 4_096;
const DEADLINE_MS = 30 * SECOND_MS;

const TOO_LARGE =
  "552 5.3.4 Microsoft Graph takes messages of up to 2,240 KB. Send less at once, or use SMTP.";
const TOO_MANY = `452 4.5.3 A message has up to ${MAX_RECIPIENTS} recipients.`;
const NO_RECIPIENT = "554 5.5.1 No recipient.";
const NOT_THE_SAME =
  "554 5.6.0 Microsoft Graph sends to everyone in To and Cc, and not all of them were given as recipients.";

type Account = { id: string };

/**
 * Microsoft Graph behind the words of a mail server (RFC 5321), so that devices are relayed to it as to
 * any other: within this process, and with 250 only after its 202.
 * @throws AppError when there is no token @permission none: openGraph asks.
 */
export async function openGraphUpstream(actor: Actor, account: Account): Promise<Upstream> {
  await openGraph(actor, account, "send");
  const [near, far] = duplexPair();
  near.once("close", () => far.destroy());
  far.once("close", () => near.destroy());
  void serve(far, (mime) => hand(actor, account, mime)).catch((error: unknown) => {
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
  const say = (words: string) => socket.write(`${words}\r\n`, "latin1");
  for (let recipients: Recipients = null; ; ) {
    const line = (await reader.line(MAX_LINE))?.toString("latin1") ?? "QUIT";
    const verb = readVerb(line);
    if (verb === "DATA" && recipients?.length) {
      say("354 Go ahead.");
      const message = await readMessage(reader);
      if (message) say(await send(message, recipients, handOver));
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

/** Null: broken off. One that is too large is read to its end, so that its answer is heard. */
async function readMessage(reader: ByteReader): Promise<Buffer | typeof TOO_LARGE | null> {
  const end = new DataEnd();
  const parts: Buffer[] = [];
  for (let size = 0; ; ) {
    const chunk = await reader.some();
    if (!chunk) return null;
    const { bytes, behind } = end.next(chunk);
    size += bytes.length;
    if (size <= MAX_BYTES) parts.push(bytes);
    if (!behind) continue;
    reader.unread(behind);
    return size <= MAX_BYTES ? withoutDots(Buffer.concat(parts)) : TOO_LARGE;
  }
}

async function send(message: Buffer | string, recipients: string[], handOver: Hand) {
  if (typeof message === "string") return message;
  const mime = withRecipients(message, recipients);
  if (!mime) return NOT_THE_SAME;
  try {
    return `250 2.0.0 ${await handOver(mime)}`;
  } catch (error) {
    const failure = asAppError(error);
    if (!(failure instanceof AppError)) {
      log.error({ error }, "a message is not sent through Microsoft Graph");
      return "451 4.3.0 Postkey could not send the message. Send it again.";
    }
    const words = failure.message.replace(/[^\x20-\x7e]+/g, " ").slice(0, 400);
    // A queue waits for what an administrator mends, and does not repeat what may be on its way.
    return `${isOfMessage(failure.remedyId) ? "554 5.0.0" : "451 4.7.0"} ${words}`;
  }
}

/** A token each time: the connection outlives it, and the right to it. */
async function hand(actor: Actor, account: Account, mime: Buffer): Promise<string> {
  const mailbox = await openGraph(actor, account, "send");
  return handToGraph(mailbox, mime, { secrets: [mailbox.accessToken], deadlineMs: DEADLINE_MS });
}

/** In a field of several, anything else could be read as two, or hide the next one. */
const ONE_ADDRESS = /^[^\s<>()[\]\\,;:"@]+@[\w.-]+$/;

/** Null: no address. As it came: Exchange judges it. */
export function readRecipient(line: string): string | null {
  const [, bracketed, bare] =
    /^RCPT\s+TO:\s*(?:<(?:@[^<>:]*:)?([^<>\s]+)>|([^<>\s]+))/i.exec(line) ?? [];
  const address = bracketed ?? bare ?? "";
  return ONE_ADDRESS.test(address) ? address : null;
}

/** As it was before it went through DATA (RFC 5321 §4.5.2), without the line that ends it. */
export function withoutDots(sent: Buffer): Buffer {
  const text = sent.toString("latin1", 0, sent.length - ".\r\n".length);
  return Buffer.from(text.replace(/(^|\n)\./g, "$1"), "latin1");
}
