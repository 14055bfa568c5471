import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectPlain, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { promisify } from "node:util";
import { afterAll, beforeAll } from "vitest";
import { openAuthority } from "@/lib/access/devices/authority/store";
import { startDeviceListeners } from "@/lib/gateway/devices/listeners";
import type { Listener } from "@/lib/kernel/listeners";

const KINDS = ["imaps", "imap", "pop3s", "pop3", "smtps", "smtp"] as const;
type Kind = (typeof KINDS)[number];

export type DeviceGateway = {
  ports: Record<Kind, number>;
  /** File with the certificate of the local authority. */
  caFile: string;
  stop(): Promise<void>;
};

const listenerOf = (kind: Kind): Listener => ({
  protocol: kind.replace(/s$/, "") as Listener["protocol"],
  tls: kind.endsWith("s") ? "implicit" : "starttls",
  host: "127.0.0.1",
  port: 0,
  plaintext: [],
});

/** The gateway's listeners for devices, for the test file, on ports of their own. */
export function withDeviceGateway(): () => DeviceGateway {
  let gateway: DeviceGateway | undefined;
  let directory: string;
  beforeAll(async () => {
    const { ports, stop } = await startDeviceListeners(KINDS.map(listenerOf));
    directory = mkdtempSync(join(tmpdir(), "postkey-devices-"));
    const caFile = join(directory, "ca.pem");
    writeFileSync(caFile, (await openAuthority()).certificate);
    const byKind = Object.fromEntries(KINDS.map((kind, at) => [kind, ports[at]]));
    gateway = { ports: byKind as Record<Kind, number>, caFile, stop };
  });
  afterAll(async () => {
    await gateway?.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  return () => {
    if (!gateway) throw new Error("The gateway runs during tests only.");
    return gateway;
  };
}

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
