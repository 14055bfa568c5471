import type { ImapFlow } from "imapflow";
import { presented } from "./credential";
import { connectInbox, type InboxSource } from "./inbox-connection";
import { listen } from "./inbox-news";
import {
  ANSWER_DEADLINE_MS,
  findUidNext,
  type ListedMessage,
  type ReceivedMessage,
  readFrom,
  readNewest,
  readSince,
  within,
} from "./inbox-reading";
import { asProbeFailure } from "./mail-errors";

export type InboxPosition = { uidValidity: bigint; uidNext: number };

/** An INBOX that is open for reading only (EXAMINE): nothing in it changes, nothing becomes \Seen. */
export type Inbox = InboxPosition & {
  /** From this UID on, in their order, a few at a time. */
  read(fromUid: number): AsyncGenerator<ReceivedMessage[]>;
  /** Those received from this day on (RFC 9051 §6.4.4 SINCE), for when the UIDs mean something else. */
  readSince(day: Date): AsyncGenerator<ReceivedMessage[]>;
  /** The last ones of the mailbox, newest first, with whether they have been read. */
  readNewest(count: number): Promise<ListedMessage[]>;
  /** Until there may be something new. @throws ProbeFailure when the connection is over */
  untilNews(): Promise<void>;
  close(): void;
};

const OPENING = { protocol: "imap", stage: "authenticate" } as const;

/**
 * Opens the INBOX on a checked and encrypted connection.
 * @throws ProbeFailure whatever went wrong
 */
export async function openInbox(
  source: InboxSource,
  openWithinMs = ANSWER_DEADLINE_MS,
): Promise<Inbox> {
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
      read: (fromUid) => readFrom(client, fromUid),
      readSince: (day) => readSince(client, day),
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
