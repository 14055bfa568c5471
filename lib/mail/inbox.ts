import type { ImapFlow, ImapFlowOptions, ImapTransport } from "imapflow";
import { dial, resolveMailHost } from "@/lib/egress/mail-socket";
import { startTls } from "@/lib/egress/mail-tls";
import type { MailEndpoint } from "@/lib/egress/schema";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { configuredEgress, configuredMailTls } from "./configured";
import { type MailCredential, secretsOf } from "./credential";
import { MAX_HEADER_BYTES } from "./header-fields";
import { SignInClient } from "./imap-login";
import { listen, RENEW_IDLE_MS } from "./inbox-news";
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
import { probeFailure } from "./probe-failure";

const CONNECT_DEADLINE_MS = 30 * SECOND_MS;
const SILENT_MS = 6 * MINUTE_MS;

export type InboxSource = {
  endpoint: MailEndpoint;
  credential: MailCredential;
  /** Aborted when the inbox is no longer followed: the connection closes at once. */
  signal: AbortSignal;
};

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

async function connect({ endpoint, credential, signal }: InboxSource): Promise<SignInClient> {
  const addresses = await resolveMailHost(endpoint, configuredEgress());
  const client = new SignInClient(options(endpoint, addresses), credential);
  // The broken command reports every error; one between two commands closes the connection.
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

function options(endpoint: MailEndpoint, addresses: string[]): Omit<ImapFlowOptions, "logger"> {
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
      return startTls(socket, endpoint, mailTls).once("secureConnect", onSecure);
    },
  };
  return {
    host: endpoint.host,
    port: endpoint.port,
    secure,
    ...(!secure && { doSTARTTLS: true }),
    transport,
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
