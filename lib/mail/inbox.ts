import type { FetchMessageObject, ImapFlow, MailboxObject } from "imapflow";
import { DAY_MS, MINUTE_MS, wallTime } from "@/lib/kernel/clock";
import { presented } from "./credential";
import { MAX_HEADER_BYTES } from "./header-fields";
import { connectInbox, type InboxSource, listen } from "./inbox-connection";
import { asProbeFailure } from "./mail-errors";
import { type ProbeFailure, probeFailure } from "./probe-failure";

/** How far an inbox was read: by UID, or by a link of Microsoft Graph. */
export type InboxPosition = {
  uidValidity: bigint | null;
  lastUid: number;
  deltaLink: string | null;
  /** Up to when, at least. Null: nothing was read yet. */
  readUntil: Date | null;
};

/** From now on. */
export const NOWHERE: InboxPosition = {
  uidValidity: null,
  lastUid: 0,
  deltaLink: null,
  readUntil: null,
};

/** Some messages, and the position behind them. */
export type InboxPart = {
  messages: ReceivedMessage[];
  /** `readUntil` null: as before. */
  position: InboxPosition;
};

/** When the newest of them was received, or what is known already. */
export function newestOf(messages: readonly ReceivedMessage[], known: Date | null): Date | null {
  return messages.reduce(
    (newest, { receivedAt }) => (newest && newest > receivedAt ? newest : receivedAt),
    known,
  );
}

/** Read-only: nothing changes, nothing becomes \Seen. */
export type Inbox = {
  /** What came after a position; by date where the position means nothing any more. */
  readOn(known: InboxPosition): AsyncGenerator<InboxPart>;
  readNewest(count: number): Promise<ListedMessage[]>;
  /** @throws ProbeFailure when the connection is over */
  untilNews(): Promise<void>;
  close(): void;
};

/** SINCE compares the server's days only (RFC 9051 §6.4.4). */
const OVERLAP_MS = 2 * DAY_MS;

const OPENING = { protocol: "imap", stage: "authenticate" } as const;

/** @throws ProbeFailure */
export async function openInbox(
  source: InboxSource,
  openWithinMs = ANSWER_DEADLINE_MS,
): Promise<Inbox & { uidValidity: bigint; uidNext: number }> {
  const { credential, signal } = source;
  const failed = (error: unknown): never => {
    throw asProbeFailure(error, { ...OPENING, ...presented(credential) });
  };
  const client = await connectInbox(source).catch(failed);
  const abort = () => client.close();
  signal.addEventListener("abort", abort, { once: true });
  client.once("close", () => signal.removeEventListener("abort", abort));
  const failedLater = (error: unknown) => failed(client.reasonOf(error));
  try {
    const ear = listen(client);
    const { uidValidity, exists, uidNext } = await within(
      client,
      () => examine(client),
      openWithinMs,
    );
    return {
      uidValidity,
      uidNext,
      readOn: readsOn(client, { uidValidity, lastUid: uidNext - 1 }),
      readNewest: (count) =>
        within(client, () => readNewest(client, { exists, count })).catch(failedLater),
      untilNews: () => ear.untilNews().catch(failedLater),
      close: () => client.close(),
    };
  } catch (error) {
    client.close();
    return failedLater(error);
  }
}

async function examine(client: ImapFlow) {
  const mailbox = await client.mailboxOpen("INBOX", { readOnly: true });
  return { ...mailbox, uidNext: await findUidNext(client, mailbox) };
}

export type ReceivedMessage = { receivedAt: Date; header: Buffer };
type ImapMessage = ReceivedMessage & { uid: number };

/** Microsoft Graph tells neither UID nor size. */
export type ListedMessage = ReceivedMessage & {
  uid: number | null;
  isSeen: boolean;
  sizeBytes: number | null;
};

/** New UIDs (RFC 9051 §2.3.1.1: the mailbox was recreated) are read again by date. */
function readsOn(client: ImapFlow, opened: { uidValidity: bigint; lastUid: number }) {
  const { uidValidity } = opened;
  let top = opened.lastUid;
  const at = (lastUid: number, messages: ImapMessage[] = []): InboxPosition => {
    return { uidValidity, lastUid, deltaLink: null, readUntil: newestOf(messages, null) };
  };
  return async function* readOn(known: InboxPosition): AsyncGenerator<InboxPart> {
    if (known.uidValidity === uidValidity) {
      for await (const messages of readFrom(client, Math.min(known.lastUid, top) + 1)) {
        top = messages.reduce((last, { uid }) => Math.max(last, uid), top);
        yield { messages, position: at(top, messages) };
      }
      return;
    }
    if (known.readUntil) {
      const since = new Date(known.readUntil.getTime() - OVERLAP_MS);
      // Broken off here, it is read by date again.
      for await (const messages of readSince(client, since)) yield { messages, position: known };
    }
    yield { messages: [], position: at(top) };
  };
}

/** Per command and message: a server that drips must not hold a connection. */
export const ANSWER_DEADLINE_MS = MINUTE_MS;
const BATCH = 100;
/** A server may not stop by itself. */
const MAX_MESSAGES = 200_000;
/** More may arrive than were asked for. */
const MAX_LISTED = 100;

/** Closes the connection at the deadline, which fails all waiting. */
export async function within<T>(
  client: ImapFlow,
  ask: () => Promise<T>,
  deadlineMs = ANSWER_DEADLINE_MS,
): Promise<T> {
  const timer = setTimeout(() => client.close(), deadlineMs);
  try {
    return await ask();
  } finally {
    clearTimeout(timer);
  }
}

/** Only the start: a header of a megabyte must not fill memory. */
const HEADERS = {
  uid: true,
  internalDate: true,
  bodyParts: [{ key: "HEADER", start: 0, maxLength: MAX_HEADER_BYTES }],
};

function received({ uid, internalDate, headers }: FetchMessageObject): ImapMessage {
  // ImapFlow files this section as the headers.
  return { uid, receivedAt: dateOf(internalDate), header: headers ?? Buffer.alloc(0) };
}

export async function readNewest(
  client: ImapFlow,
  { exists, count }: { exists: number; count: number },
): Promise<ListedMessage[]> {
  if (exists === 0) return [];
  const messages: (ListedMessage & ImapMessage)[] = [];
  const query = { ...HEADERS, flags: true, size: true };
  for await (const message of client.fetch(`${Math.max(1, exists - count + 1)}:*`, query)) {
    if (messages.length === MAX_LISTED) throw endless(client);
    const { flags, size = 0 } = message;
    messages.push({ ...received(message), isSeen: flags?.has("\\Seen") ?? false, sizeBytes: size });
  }
  return messages.sort((one, other) => other.uid - one.uid).slice(0, count);
}

/** Only closing the connection stops such a server. */
function endless(client: ImapFlow): ProbeFailure {
  client.close();
  return probeFailure("mail.flood");
}

/** Servers before RFC 9051 need not tell it (RFC 3501 §6.3.1); then the last message does. */
export async function findUidNext(client: ImapFlow, { uidNext, exists }: MailboxObject) {
  if (Number.isSafeInteger(uidNext) && uidNext > 0) return uidNext;
  if (exists === 0) return 1;
  const last = await client.fetchOne("*", { uid: true });
  // From the first message on, everyone would be a new sender.
  if (!last) throw probeFailure("mail.protocol_error");
  return last.uid + 1;
}

type Range = { range: string; fromUid: number; max: number };

export function readFrom(client: ImapFlow, fromUid: number): AsyncGenerator<ImapMessage[]> {
  return readBatches(client, { range: `${fromUid}:*`, fromUid, max: MAX_MESSAGES });
}

async function* readBatches(client: ImapFlow, { range, fromUid, max }: Range) {
  let batch: ImapMessage[] = [];
  let seen = 0;
  const answer = client.fetch(range, HEADERS, { uid: true });
  try {
    for (;;) {
      const { value: message, done } = await within(client, () => answer.next());
      if (done || !message) break;
      seen += 1;
      if (seen > max) throw endless(client);
      // `n:*` includes the last message even if its UID is below n (RFC 9051 §9, seq-range).
      if (message.uid < fromUid) continue;
      batch.push(received(message));
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
  } finally {
    await answer.return(undefined);
  }
  if (batch.length > 0) yield batch;
}

export async function* readSince(client: ImapFlow, day: Date): AsyncGenerator<ImapMessage[]> {
  const found = await within(client, () => client.search({ since: day }, { uid: true }));
  const uids = found || [];
  if (uids.length > MAX_MESSAGES) throw endless(client);
  for (let start = 0; start < uids.length; start += BATCH) {
    const some = uids.slice(start, start + BATCH);
    yield* readBatches(client, { range: some.join(","), fromUid: 1, max: 2 * some.length });
  }
}

function dateOf(date: Date | string | undefined): Date {
  const parsed = new Date(date ?? Number.NaN);
  return Number.isNaN(parsed.getTime()) ? wallTime() : parsed;
}
