import type {
  FetchMessageObject,
  ImapFlow,
  ImapFlowOptions,
  ImapTransport,
  Logger,
  MailboxObject,
} from "imapflow";
import { dial, resolveMailHost } from "@/lib/egress/mail-socket";
import { startTls } from "@/lib/egress/mail-tls";
import type { MailEndpoint } from "@/lib/egress/schema";
import { MINUTE_MS, SECOND_MS, wallTime } from "@/lib/kernel/clock";
import { configuredEgress, configuredMailTls } from "./configured";
import { type MailCredential, secretsOf } from "./credential";
import { MAX_HEADER_BYTES } from "./header-fields";
import { SignInClient } from "./imap-login";
import { listen, RENEW_IDLE_MS } from "./inbox-news";
import { asProbeFailure } from "./mail-errors";
import { type ProbeFailure, probeFailure } from "./probe-failure";

const CONNECT_DEADLINE_MS = 30 * SECOND_MS;
const SILENT_MS = 6 * MINUTE_MS;

export type InboxSource = {
  endpoint: MailEndpoint;
  credential: MailCredential;
  /** Aborted when nobody follows any more: the connection closes at once. */
  signal: AbortSignal;
};

export type InboxPosition = { uidValidity: bigint; uidNext: number };

export type ReceivedMessage = { uid: number; receivedAt: Date; header: Buffer };

export type ListedMessage = ReceivedMessage & { isSeen: boolean; sizeBytes: number };

/** An INBOX that is open for reading only (EXAMINE): nothing in it changes, nothing becomes \Seen. */
export type Inbox = InboxPosition & {
  /** From this UID on, in their order, a few at a time. */
  read(fromUid: number): AsyncGenerator<ReceivedMessage[]>;
  /** Those received from this day on (RFC 9051 §6.4.4 SINCE), for when the UIDs mean something else. */
  readSince(day: Date): AsyncGenerator<ReceivedMessage[]>;
  /** The last ones of the mailbox, newest first, with whether somebody has read them. */
  readNewest(count: number): Promise<ListedMessage[]>;
  /** Until there may be something new. @throws ProbeFailure when the connection is over */
  untilNews(): Promise<void>;
  close(): void;
};

const BATCH = 100;
const OPENING = { protocol: "imap", stage: "authenticate" } as const;

/** More than one reading of a mailbox has, whatever the server says: it does not stop by itself. */
const MAX_MESSAGES = 200_000;
/** Beside those that were asked for, some may arrive meanwhile. */
const MAX_LISTED = 100;

/**
 * Opens the INBOX on a checked and encrypted connection.
 * @throws ProbeFailure whatever went wrong
 */
export async function openInbox(source: InboxSource): Promise<Inbox> {
  const { credential, signal } = source;
  const failed = (error: unknown): never => {
    const { kind } = credential;
    const secrets = secretsOf(credential);
    throw asProbeFailure(error, { ...OPENING, credential: kind, secrets });
  };
  const client = await connect(source).catch(failed);
  const abort = () => client.close();
  signal.addEventListener("abort", abort, { once: true });
  client.once("close", () => signal.removeEventListener("abort", abort));
  const failedLater = (error: unknown) => failed(client.reasonOf(error));
  try {
    const ear = listen(client);
    const mailbox = await client.mailboxOpen("INBOX", { readOnly: true });
    const { uidValidity, exists } = mailbox;
    const uidNext = await findUidNext(client, mailbox);
    return {
      uidValidity,
      uidNext,
      read: (fromUid) => readBatches(client, { range: `${fromUid}:*`, fromUid, max: MAX_MESSAGES }),
      readSince: (day) => readSince(client, day),
      readNewest: (count) => readNewest(client, { exists, count }).catch(failedLater),
      untilNews: () => ear.untilNews().catch(failedLater),
      close: () => client.close(),
    };
  } catch (error) {
    client.close();
    return failedLater(error);
  }
}

async function connect({ endpoint, credential, signal }: InboxSource): Promise<SignInClient> {
  const addresses = await resolveMailHost(endpoint, configuredEgress());
  const client = new SignInClient(options(endpoint, addresses), credential);
  // Every error is told by the command that it breaks; one between two commands closes the connection.
  client.on("error", () => {});
  const timer = setTimeout(() => client.close(), CONNECT_DEADLINE_MS);
  const abort = () => client.close();
  signal.addEventListener("abort", abort, { once: true });
  try {
    if (signal.aborted) throw probeFailure("postkey.aborted");
    await client.connect();
    return client;
  } catch (error) {
    client.close();
    throw client.reasonOf(error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

function options(endpoint: MailEndpoint, addresses: string[]): ImapFlowOptions {
  const secure = endpoint.tls === "implicit";
  const mailTls = configuredMailTls();
  const transport: ImapTransport = {
    connect(_options, onConnect) {
      const socket = dial(addresses, endpoint.port);
      if (!secure) return socket.once("connect", onConnect);
      socket.on("error", (error) => secured.destroy(error));
      const secured = startTls(socket, endpoint, mailTls);
      return secured.once("secureConnect", onConnect);
    },
    upgrade(socket, _options, onSecure) {
      return startTls(socket as never, endpoint, mailTls).once("secureConnect", onSecure);
    },
  };
  return {
    host: endpoint.host,
    port: endpoint.port,
    secure,
    ...(!secure && { doSTARTTLS: true }),
    transport,
    logger: SILENT,
    disableAutoIdle: true,
    disableCompression: true,
    maxIdleTime: RENEW_IDLE_MS,
    socketTimeout: SILENT_MS,
    maxLineLength: 64 * 1024,
    maxLiteralSize: 2 * MAX_HEADER_BYTES,
    maxResponseSize: MAX_RESPONSE_BYTES,
  };
}

/** Room for the UIDs of `MAX_MESSAGES` in one answer to SEARCH. */
const MAX_RESPONSE_BYTES = 4 * 1024 * 1024;

const ignore = () => {};
/** What a server says may be anything: nothing of it is logged. */
const SILENT: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** As much of the header as is looked at, and no more: a megabyte of it must not fill the memory. */
const HEADERS = {
  uid: true,
  internalDate: true,
  bodyParts: [{ key: "HEADER", start: 0, maxLength: MAX_HEADER_BYTES }],
};

function received({ uid, internalDate, headers }: FetchMessageObject): ReceivedMessage {
  // ImapFlow files this section, cut off or not, as the headers.
  return { uid, receivedAt: dateOf(internalDate), header: headers ?? Buffer.alloc(0) };
}

async function readNewest(
  client: ImapFlow,
  { exists, count }: { exists: number; count: number },
): Promise<ListedMessage[]> {
  if (exists === 0) return [];
  const messages: ListedMessage[] = [];
  const query = { ...HEADERS, flags: true, size: true };
  for await (const message of client.fetch(`${Math.max(1, exists - count + 1)}:*`, query)) {
    if (messages.length === MAX_LISTED) throw endless(client);
    const { flags, size = 0 } = message;
    messages.push({ ...received(message), isSeen: flags?.has("\\Seen") ?? false, sizeBytes: size });
  }
  return messages.sort((one, other) => other.uid - one.uid).slice(0, count);
}

/** Nothing but the end of the connection stops such a server. */
function endless(client: ImapFlow): ProbeFailure {
  client.close();
  return probeFailure("mail.flood");
}

/**
 * RFC 9051 has a server tell it when a mailbox is opened; older ones need not (RFC 3501 §6.3.1), and are asked
 * for their last message instead.
 */
async function findUidNext(client: ImapFlow, { uidNext, exists }: MailboxObject): Promise<number> {
  if (Number.isSafeInteger(uidNext) && uidNext > 0) return uidNext;
  if (exists === 0) return 1;
  const last = await client.fetchOne("*", { uid: true });
  // Reading from the first message on would take everybody who ever wrote for somebody new.
  if (!last) throw probeFailure("mail.protocol_error");
  return last.uid + 1;
}

type Range = { range: string; fromUid: number; max: number };

async function* readBatches(
  client: ImapFlow,
  { range, fromUid, max }: Range,
): AsyncGenerator<ReceivedMessage[]> {
  let batch: ReceivedMessage[] = [];
  let seen = 0;
  for await (const message of client.fetch(range, HEADERS, { uid: true })) {
    seen += 1;
    if (seen > max) throw endless(client);
    // `n:*` is the last message at least, however small its UID (RFC 9051 §9, seq-range).
    if (message.uid < fromUid) continue;
    batch.push(received(message));
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function* readSince(client: ImapFlow, day: Date): AsyncGenerator<ReceivedMessage[]> {
  const uids = (await client.search({ since: day }, { uid: true })) || [];
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
