import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectPlain, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { promisify } from "node:util";
import { afterAll, beforeAll } from "vitest";
import { openAuthority } from "@/lib/devices/authority/store";
import type { Protocol } from "@/lib/egress/protocols/schema";

import { startDeviceListeners } from "@/lib/gateway/devices/listeners";
import type { Waits } from "@/lib/gateway/devices/sessions";
import type { Listener } from "@/lib/kernel/listeners";
import { ALICE } from "./sign-in";

const KINDS = ["imaps", "imap", "pop3s", "pop3", "smtps", "smtp"] as const;
type Kind = (typeof KINDS)[number];

export type DeviceGateway = {
  ports: Record<Kind, number>;
  /** The certificate of the local authority, and a file with it. */
  ca: string;
  caFile: string;
  /** A connection that has been greeted. */
  open(kind: Kind): Promise<Wire>;
  /** One that has logged in. */
  logIn(kind: Kind, password: string, user?: string): Promise<Wire>;
  /** What a script prints that logs in by `imap()`, `pop3()` and `smtp()`, as `user` with `password`. */
  python(script: string, password: string, user?: string): Promise<string>;
  stop(): Promise<void>;
};

/** On ports of this machine that are free; those of `smtps` and its like take TLS at once. */
export const listenerOf = (kind: Kind): Listener => ({
  protocol: protocolOf(kind),
  tls: kind.endsWith("s") ? "implicit" : "starttls",
  host: "127.0.0.1",
  port: 0,
  plaintext: [],
});
const protocolOf = (kind: Kind) => kind.replace(/s$/, "") as Protocol;

/** The gateway's listeners for devices, for the test file, on ports of their own. */
export function withDeviceGateway(waits: Partial<Waits> = {}): () => DeviceGateway {
  let gateway: DeviceGateway | undefined;
  beforeAll(async () => {
    gateway = await startDeviceGateway(waits);
  });
  afterAll(() => gateway?.stop());
  return () => {
    if (!gateway) throw new Error("The gateway runs during tests only.");
    return gateway;
  };
}

/** One that a test stops itself. */
export async function startDeviceGateway(waits: Partial<Waits> = {}): Promise<DeviceGateway> {
  const { ports: bound, stop } = await startDeviceListeners(KINDS.map(listenerOf), waits);
  const directory = mkdtempSync(join(tmpdir(), "postkey-devices-"));
  const caFile = join(directory, "ca.pem");
  const { certificate: ca } = await openAuthority();
  writeFileSync(caFile, ca);
  const ports = Object.fromEntries(KINDS.map((kind, at) => [kind, bound[at]])) as Record<
    Kind,
    number
  >;
  const caOf = (kind: Kind) => (kind.endsWith("s") ? ca : undefined);
  return {
    ports,
    ca,
    caFile,
    async stop() {
      await stop();
      rmSync(directory, { recursive: true, force: true });
    },
    open: (kind) => Wire.greeted(ports[kind], caOf(kind)),
    logIn: (kind, password, user = ALICE) =>
      logIn(ports[kind], protocolOf(kind), { user, password, ca: caOf(kind) }),
    python(script, password, user = ALICE) {
      const { imaps, pop3s, smtps, imap, pop3, smtp } = ports;
      const secure = { IMAP: `${imaps}`, POP3: `${pop3s}`, SMTP: `${smtps}`, CA: caFile };
      const plain = { IMAP_PLAIN: `${imap}`, POP3_PLAIN: `${pop3}`, SMTP_PLAIN: `${smtp}` };
      const values = { ...secure, ...plain, USER_NAME: user, PASSWORD: password };
      return python(`${PYTHON}${script}`, values);
    },
  };
}

/** What SASL PLAIN sends. */
export const plainOf = (password: string, user = ALICE) =>
  Buffer.from(`\0${user}\0${password}`).toString("base64");

type Login = { user: string; password: string };
/** What is said, what ends the answer, and what it is when the login is taken. */
type Dialect = { line: (login: Login) => string; end: RegExp; ok: RegExp };
const DIALECTS: Readonly<Record<Protocol, Dialect>> = {
  imap: {
    line: ({ user, password }) => `a LOGIN ${user} ${password}`,
    end: /^a .*\r\n/m,
    ok: /^a OK/m,
  },
  pop3: {
    line: ({ user, password }) => `AUTH PLAIN ${plainOf(password, user)}`,
    end: /^(?:\+OK|-ERR).*\r\n/m,
    ok: /^\+OK Logged/m,
  },
  smtp: {
    line: ({ user, password }) => `AUTH PLAIN ${plainOf(password, user)}`,
    end: /^\d{3} .*\r\n/m,
    ok: /^235/m,
  },
};

/** A session at a port of a gateway. @throws Error with what was said instead */
export async function logIn(
  port: number,
  protocol: Protocol,
  { user = ALICE, password, ca }: { user?: string; password: string; ca?: string | undefined },
): Promise<Wire> {
  const { line, end, ok } = DIALECTS[protocol];
  const wire = await Wire.greeted(port, ca);
  const said = await wire.ask(line({ user, password }), end);
  if (ok.test(said)) return wire;
  wire.socket.destroy();
  throw new Error(said);
}

const PYTHON = `import os, ssl, socket, time, imaplib, poplib, smtplib
env = os.environ
user, password = env["USER_NAME"], env["PASSWORD"]
context = ssl.create_default_context(cafile=env["CA"])
def imap():
    client = imaplib.IMAP4_SSL("localhost", int(env["IMAP"]), ssl_context=context)
    client.login(user, password)
    return client
def pop3():
    client = poplib.POP3_SSL("localhost", int(env["POP3"]), context=context)
    client.user(user); client.pass_(password)
    return client
def smtp():
    client = smtplib.SMTP_SSL("localhost", int(env["SMTP"]), context=context)
    client.login(user, password)
    return client
`;

/** What a Python script prints, with these values in `os.environ`. */
export async function python(script: string, values: Record<string, string>): Promise<string> {
  const env = { ...process.env, ...values };
  const { stdout } = await promisify(execFile)("python3", ["-c", script], { env, timeout: 60_000 });
  return stdout.trim();
}

/** A connection on which every byte is chosen. */
export class Wire {
  readonly socket: Socket;
  #heard = "";
  isClosed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      this.#heard += chunk.toString("latin1");
    });
    socket.on("close", () => {
      this.isClosed = true;
    });
  }

  /** @param localAddress where it comes from */
  static async open(port: number, ca?: string, localAddress = "127.0.0.1"): Promise<Wire> {
    const options = { port, host: "127.0.0.1", servername: "localhost", localAddress };
    const socket = ca ? connectTls({ ...options, ca }) : connectPlain(options);
    const wire = new Wire(socket);
    await once(socket, ca ? "secureConnect" : "connect");
    return wire;
  }

  /** One that the server has said its first line on. */
  static async greeted(port: number, ca?: string): Promise<Wire> {
    const wire = await Wire.open(port, ca);
    await wire.until(/\r\n/);
    return wire;
  }

  write(bytes: string | Buffer): void {
    this.socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
  }

  /** What was heard since the last time, as soon as it matches. */
  async until(pattern: RegExp, withinMs = 20_000): Promise<string> {
    const end = performance.now() + withinMs;
    while (!pattern.test(this.#heard)) {
      if (this.isClosed || performance.now() > end)
        throw new Error(`Not heard: ${pattern}, but ${JSON.stringify(this.#heard)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const heard = this.#heard;
    this.#heard = "";
    return heard;
  }

  async ask(line: string, pattern: RegExp): Promise<string> {
    this.write(`${line}\r\n`);
    return this.until(pattern);
  }

  /** What was heard until the other side closed. */
  async closed(withinMs = 20_000): Promise<string> {
    const end = performance.now() + withinMs;
    while (!this.isClosed && performance.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 5));
    if (!this.isClosed) throw new Error(`Still open: ${JSON.stringify(this.#heard)}`);
    return this.#heard;
  }
}
