import { once } from "node:events";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { z } from "zod";
import { resolveMailHost } from "@/lib/egress/mail-socket";
import { startTls } from "@/lib/egress/mail-tls";
import { SECOND_MS } from "@/lib/kernel/clock";
import { LineReader } from "./byte-reader";
import { remedyOfCode } from "./mail-errors";
import { type ProbeFailure, probeFailure } from "./probe-failure";
import type { ChannelRun } from "./probe-run";
import { safeServerText } from "./text";

export type Dialect = {
  maxLineBytes: number;
  /** Returned as it came. @throws ServerRefusal, ProbeFailure */
  greet(reader: Lines): Promise<string>;
  requestTls(dialogue: {
    reader: Lines;
    send: (line: string) => void;
    greeting: string;
  }): Promise<void>;
};

export type Lines = Pick<LineReader, "line">;

export type Channel = { socket: TLSSocket; greeting: string; replayGreeting(): void };

/** Stages `resolve` to `greeting` (`stageOrder`); the last stays open for the server's offers. */
export async function openChannel(run: ChannelRun, dialect: Dialect): Promise<Channel> {
  const { endpoint, egress } = run.input;

  run.enter("resolve");
  run.found({ host: endpoint.host, port: endpoint.port });
  const host = await resolveMailHost(endpoint, egress);
  run.found({ addresses: host.addresses });
  run.note(host.addresses.join(" "));
  run.done();

  run.enter("connect");
  const socket = run.adopt(host.dial());
  await once(socket, "connect");
  const { remoteAddress: address } = socket;
  if (address !== undefined) run.found({ address });
  run.note(address ?? "");
  run.done();

  if (endpoint.tls === "starttls") {
    run.enter("greeting");
    const reader = greetingReader(run, socket, dialect);
    const greeting = await dialect.greet(reader);
    run.note(welcome(greeting));
    run.done();

    run.enter("tls");
    const send = (line: string) => {
      run.transcript.sent(`${line}\r\n`);
      socket.write(`${line}\r\n`);
    };
    await dialect.requestTls({ reader, send, greeting });
    // Bytes after the consent were injected.
    if (reader.release().length > 0) throw probeFailure("tls.starttls_injection");
    return channelOf(run, await secure(run, socket), greeting);
  }

  run.enter("tls");
  const secured = await secure(run, socket).catch((error: unknown) => explainPlain(run, error));
  run.done();

  run.enter("greeting");
  const reader = greetingReader(run, secured, dialect);
  const greeting = await dialect.greet(reader);
  const rest = reader.release();
  if (rest.length > 0) secured.unshift(rest);
  run.note(welcome(greeting));
  return channelOf(run, secured, greeting);
}

function greetingReader(run: ChannelRun, socket: Socket, { maxLineBytes }: Dialect): LineReader {
  return new LineReader(socket, {
    maxLineBytes,
    onLine: (line) => run.transcript.receivedLine(line),
  });
}

function channelOf(run: ChannelRun, socket: TLSSocket, greeting: string): Channel {
  overhear(run, socket);
  const replayGreeting = () => {
    const bytes = Buffer.from(`${greeting}\r\n`);
    run.transcript.skip(bytes.length);
    socket.unshift(bytes);
  };
  return { socket, greeting, replayGreeting };
}

function overhear({ transcript }: ChannelRun, socket: TLSSocket): void {
  socket.pause(); // or to listen would start the flow before the protocol reads
  socket.on("data", (chunk: Buffer) => transcript.received(chunk));
  const write: (...args: never[]) => boolean = socket.write.bind(socket);
  // `write`'s overloads differ only behind the chunk.
  socket.write = ((chunk: never, ...rest: never[]) => {
    transcript.sent(chunk);
    return write(chunk, ...rest);
  }) as typeof socket.write;
}

/** Without status and capabilities. */
function welcome(greeting: string): string {
  const [first = ""] = greeting.split("\r\n");
  return safeServerText(first.replace(/^(?:\* OK|220[ -]|\+OK)\s*(?:\[[^\]]*\])?\s*/i, ""));
}

async function secure(run: ChannelRun, socket: Socket): Promise<TLSSocket> {
  const secured = run.adopt(startTls(socket, run.input.endpoint, run.input.tls));
  await once(secured, "secureConnect");
  const tlsVersion = secured.getProtocol();
  if (tlsVersion !== null) run.found({ tlsVersion });
  run.note(tlsVersion ?? "");
  return secured;
}

/** OpenSSL cannot tell what answered; a second connection in clear can. @throws always */
export async function explainPlain(run: ChannelRun, error: unknown): Promise<never> {
  const { code } = z.object({ code: z.string() }).safeParse(error).data ?? {};
  if (code === undefined || remedyOfCode(code) !== "tls.not_spoken") throw error;
  const heard = await hearPlain(run).catch(() => "");
  if (heard === "" || MAIL_GREETING.test(heard)) throw error;
  run.transcript.receivedLine(heard);
  throw notThisProtocol(heard);
}

const MAIL_GREETING = /^(?:\* |\+OK|-ERR|[245]\d\d[ -])/;
const HEAR_MS = 2 * SECOND_MS;

/** Without TLS; sends nothing secret. */
async function hearPlain(run: ChannelRun): Promise<string> {
  const { endpoint, egress } = run.input;
  const host = await resolveMailHost(endpoint, egress);
  const socket = run.adopt(host.dial());
  socket.setTimeout(HEAR_MS, () => socket.destroy());
  try {
    await once(socket, "connect");
    socket.write("QUIT\r\n\r\n");
    return await new LineReader(socket, { maxLineBytes: 2_048 }).line();
  } finally {
    socket.destroy();
  }
}

export function notThisProtocol(reply: string): ProbeFailure {
  return probeFailure("mail.wrong_service", { serverText: safeServerText(reply) });
}
