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

/** EXAMINE: nothing changes, nothing becomes \Seen. */
export type Inbox = InboxPosition & {
  read(fromUid: number): AsyncGenerator<ReceivedMessage[]>;
  /** RFC 9051 §6.4.4 SINCE, for a new UIDVALIDITY. */
  readSince(day: Date): AsyncGenerator<ReceivedMessage[]>;
  readNewest(count: number): Promise<ListedMessage[]>;
  /** @throws ProbeFailure when the connection is over */
  untilNews(): Promise<void>;
  close(): void;
};

const OPENING = { protocol: "imap", stage: "authenticate" } as const;

/** @throws ProbeFailure */
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
