import type { ImapFlow, ImapFlowOptions, ImapTransport } from "imapflow";
import { type MailHost, resolveMailHost } from "@/lib/egress/mail-socket";
import { startTls } from "@/lib/egress/mail-tls";
import type { MailEndpoint } from "@/lib/egress/schema";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { configuredEgress, configuredMailTls } from "./configured";
import type { MailCredential } from "./credential";
import { MAX_HEADER_BYTES } from "./header-fields";
import { SignInClient } from "./imap-login";
import { probeFailure } from "./probe-failure";

const SILENT_MS = 6 * MINUTE_MS;

export type InboxSource = {
  endpoint: MailEndpoint;
  credential: MailCredential;
  signal: AbortSignal;
};

/** @throws ProbeFailure after closing the connection */
export async function connectInbox({ endpoint, credential, signal }: InboxSource) {
  const host = await resolveMailHost(endpoint, configuredEgress());
  const client = new SignInClient(options(endpoint, host), credential);
  // The failed command reports it; between commands the connection closes.
  client.on("error", () => {});
  const timer = setTimeout(() => client.close(), 30 * SECOND_MS);
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

function options(endpoint: MailEndpoint, mailHost: MailHost): Omit<ImapFlowOptions, "logger"> {
  const secure = endpoint.tls === "implicit";
  const mailTls = configuredMailTls();
  const transport: ImapTransport = {
    connect(_options, onConnect) {
      const socket = mailHost.dial();
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

/** For the UIDs of `MAX_MESSAGES` in one SEARCH. */
const MAX_RESPONSE_BYTES = 4 * 1024 * 1024;

/** RFC 2177 allows 30 minutes; Exchange and middleboxes drop idle connections sooner. */
export const RENEW_IDLE_MS = 4 * MINUTE_MS;
/** For servers without IDLE. */
const POLL_MS = 30 * SECOND_MS;
/** ImapFlow would wait twelve minutes. */
const ANSWER_WITHIN_MS = 15 * SECOND_MS;

type Ear = {
  /** @throws ProbeFailure */
  untilNews(): Promise<void>;
};

/** Listens at once, so nothing is missed while reading. IDLE (RFC 2177), else polling. */
export function listen(client: ImapFlow): Ear {
  let hasNews = false;
  let wake = () => {};
  client.on("exists", () => {
    hasNews = true;
    wake();
  });
  client.once("close", () => wake());
  const canIdle = client.capabilities.has("IDLE");

  async function untilNews(): Promise<void> {
    if (!hasNews && client.usable) await quiet();
    hasNews = false;
    await proveAlive(client);
  }

  function quiet(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, canIdle ? RENEW_IDLE_MS : POLL_MS);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
      // A server may end IDLE, which is a reason to look.
      if (canIdle) client.idle().then(wake, reject);
    });
  }

  return { untilNews };
}

/** Ends IDLE; only a live connection answers. */
async function proveAlive(client: ImapFlow): Promise<void> {
  if (!client.usable) throw probeFailure("mail.connection_lost");
  const timer = setTimeout(() => client.close(), ANSWER_WITHIN_MS);
  await client.noop().finally(() => clearTimeout(timer));
  // ImapFlow hides this command's failure.
  if (!client.usable) throw probeFailure("mail.connection_lost");
}
