import { ImapFlow, type ImapFlowOptions, type ImapTransport } from "imapflow";
import { type Channel, type Dialect, type Lines, notThisProtocol, openChannel } from "./channel";
import type { MailCredential } from "./credential";
import {
  goodbyeBefore,
  imapAuth,
  isRefusal,
  keepLineShort,
  type SelectiveLogger,
} from "./imap-login";
import { probeFailure, ServerRefusal } from "./probe-failure";
import { type ProbeInput, type ProbeRun, runProbe } from "./probe-run";
import type { ProtocolReport } from "./schema";
import { countMessages } from "./text";

/** Exchange Online may accept a token, then refuse all commands: hence STATUS. Never rejects. */
export function probeImap(input: ProbeInput): Promise<ProtocolReport> {
  return runProbe("imap", input, async (run) => {
    const channel = await openChannel(run, imapDialect);
    await authenticateAndOpen(run, channel);
  });
}

const MAX_LINE_BYTES = 64 * 1024;
const MAX_LITERAL_BYTES = 1024 * 1024;

async function authenticateAndOpen(run: ProbeRun, channel: Channel): Promise<void> {
  const observed: Observed = {};
  const client = new ProbeClient(channel, observed, async () => {
    // A session open without sign-in proves nothing.
    if (client.state !== client.states.NOT_AUTHENTICATED)
      throw probeFailure("imap.preauthenticated");
    run.offers(authenticationMechanisms(client));
    run.done();

    const credential = await run.credential();

    run.enter("authenticate");
    requireMechanism(client, credential);
    keepLineShort(client, credential);
    client.options.auth = imapAuth(credential);
    client.capabilities.delete("ID");
  });
  client.on("error", (error) => {
    observed.error ??= error;
  });
  client.on("response", ({ response }) => {
    // Skips ImapFlow's second ID, a round trip; capabilities are stored before this microtask.
    queueMicrotask(() => client.capabilities.delete("ID"));
    if (isRefusal(response)) observed.refused ??= goodbyeBefore(client);
    if (response === "BAD" || (response === "NO" && isThrottled(observed)))
      observeRefusal(client, observed);
    if (observed.authenticated || response !== "OK") return;
    observed.authenticated = client.options.auth !== undefined;
    if (!observed.authenticated) return;
    run.done();
    run.enter("mailbox");
  });
  try {
    await client.connect();
    const inbox = await client.status("INBOX", { messages: true });
    if (!inbox) throw observed.error ?? new ServerRefusal("");
    // RFC 9051 §6.3.11: an OK without the number opens nothing.
    if (inbox.messages === undefined) throw probeFailure("mail.protocol_error");
    run.found({ messages: inbox.messages });
    run.note(countMessages(inbox.messages));
    run.done();
    channel.socket.write("END LOGOUT\r\n"); // the answer is not waited for
  } catch (error) {
    throw observed.refused ?? error;
  } finally {
    client.close();
  }
}

type Observed = {
  error?: unknown;
  authenticated?: boolean;
  lastChunk?: Buffer;
  refused?: ServerRefusal | undefined;
};

/** Exchange Online gives the reason here, then BYE, which is all ImapFlow reports. */
function observeRefusal(client: ImapFlow, observed: Observed): void {
  const [refusal] = /^\S+ (?:NO|BAD) .*$/m.exec(replyOf(observed)) ?? [];
  if (refusal) observed.refused ??= new ServerRefusal(refusal);
  if (isThrottled(observed)) client.close();
}

/** ImapFlow would wait as long as Exchange Online suggests; these are the words it looks for. */
function isThrottled(observed: Observed): boolean {
  return /Request is throttled/i.test(replyOf(observed));
}

function replyOf({ lastChunk }: Observed): string {
  return lastChunk?.toString("utf8", 0, 1024) ?? "";
}

class ProbeClient extends ImapFlow {
  readonly #beforeAuthentication: () => Promise<void>;

  constructor(channel: Channel, observed: Observed, beforeAuthentication: () => Promise<void>) {
    super(imapOptions(channel, observed));
    this.#beforeAuthentication = beforeAuthentication;
  }

  override async upgradeToSTARTTLS(): Promise<boolean> {
    await this.#beforeAuthentication();
    return true; // `openChannel` has done it
  }
}

function imapOptions(channel: Channel, observed: Observed): ImapFlowOptions {
  const { socket } = channel;
  const transport: ImapTransport = {
    connect: (_options, onConnect) => {
      channel.replayGreeting();
      socket.pause(); // or the listener would start the flow before ImapFlow reads
      socket.on("data", (chunk: Buffer) => {
        observed.lastChunk = chunk;
      });
      setImmediate(onConnect);
      return socket;
    },
  };
  return {
    transport,
    secure: true,
    logger: errorCatcher(observed),
    disableAutoIdle: true,
    disableAutoEnable: true,
    disableCompression: true,
    maxLineLength: MAX_LINE_BYTES,
    maxLiteralSize: MAX_LITERAL_BYTES,
    maxResponseSize: MAX_LITERAL_BYTES + MAX_LINE_BYTES,
    maxResponseTokens: 10_000,
  };
}

/** `status()` tells the reason only to its logger. */
function errorCatcher(observed: Observed): SelectiveLogger {
  const ignore = () => {};
  const keep = (entry: { err?: unknown }) => {
    if (entry.err !== undefined) observed.error = entry.err;
  };
  return {
    debug: ignore,
    info: ignore,
    warn: keep,
    error: keep,
    isLevelEnabled: (level) => level === "warn" || level === "error",
  };
}

function authenticationMechanisms(client: ImapFlow): string[] {
  const names = [...client.capabilities.keys()].filter((name) => name.startsWith("AUTH="));
  return names.map((name) => name.slice("AUTH=".length));
}

function requireMechanism(client: ImapFlow, credential: MailCredential): void {
  if (credential.kind === "password") return; // LOGIN needs no capability (RFC 9051 §6.2.3)
  const { capabilities } = client;
  if (capabilities.has("AUTH=XOAUTH2") || capabilities.has("AUTH=OAUTHBEARER")) return;
  throw probeFailure("mail.no_xoauth2");
}

export const imapDialect: Dialect = {
  maxLineBytes: MAX_LINE_BYTES,

  async greet(reader) {
    const greeting = await reader.line();
    if (/^\* OK\b/i.test(greeting)) return greeting;
    if (/^\* BYE\b/i.test(greeting)) throw new ServerRefusal(greeting);
    if (/^\* PREAUTH\b/i.test(greeting)) throw probeFailure("imap.preauthenticated");
    throw notThisProtocol(greeting);
  },

  async requestTls({ reader, send, greeting }) {
    const offered = /\[CAPABILITY ([^[\]]*)\]/i.exec(greeting)?.[1];
    if (offered !== undefined && !/\bSTARTTLS\b/i.test(offered))
      throw probeFailure("tls.starttls_missing");
    send("TLS STARTTLS");
    const reply = await taggedReply(reader);
    if (!/^TLS OK\b/i.test(reply)) throw probeFailure("tls.starttls_missing");
  },
};

async function taggedReply(reader: Lines): Promise<string> {
  for (;;) {
    const line = await reader.line();
    if (!line.startsWith("* ")) return line;
  }
}
