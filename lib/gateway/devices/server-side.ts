import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { ByteReader } from "@/lib/mail/byte-reader";
import type { Client } from "./client";
import type { Asked, Replies } from "./smtp-replies";
import { MAX_EXPECTED } from "./smtp-words";
import { closeTogether, write } from "./splice";
import type { Upstream } from "./upstream/upstream";

/** RFC 5321 §4.5.3.2.7 */
const SILENT_MS = 6 * MINUTE_MS;
const QUIT_MS = SECOND_MS;

export class ServerSide {
  readonly #client: Client;
  readonly #replies: Replies;
  #joined: { upstream: Upstream; part: AbortController; closed: Promise<unknown> } | undefined;

  constructor(client: Client, replies: Replies) {
    this.#client = client;
    this.#replies = replies;
    client.socket.on("timeout", () => client.socket.destroy());
  }

  get isJoined(): boolean {
    return this.#joined !== undefined;
  }

  get offers(): ReadonlySet<string> {
    return this.#joined?.upstream.offers ?? new Set<string>();
  }

  join(upstream: Upstream): void {
    const part = new AbortController();
    const server = new ByteReader(upstream.socket, upstream.rest);
    const passed = this.#replies.pass(server, part.signal).then(() => {
      if (!part.signal.aborted) this.#client.close();
    });
    const closed = closeTogether(this.#client.socket, upstream.socket, {
      silentMs: SILENT_MS,
      parted: part.signal,
    });
    this.#joined = { upstream, part, closed: Promise.all([passed, closed]) };
  }

  part(): void {
    const { upstream, part } = this.#joined ?? {};
    this.#joined = undefined;
    part?.abort();
    upstream?.socket.end("QUIT\r\n");
    upstream?.socket.setTimeout(QUIT_MS, () => upstream.socket.destroy());
    this.#client.socket.setTimeout(SILENT_MS);
  }

  async forward(
    command: string,
    { told = () => {}, ...asked }: Asked & { told?: (code: number) => void } = {},
  ): Promise<void> {
    const replied = this.#replies.expect(asked);
    void replied.then(told);
    await this.write(Buffer.from(`${command}\r\n`, "latin1"));
    // RFC 2920 §3.1: without PIPELINING, one command at a time.
    const isOneByOne = this.#joined !== undefined && !this.offers.has("PIPELINING");
    if (isOneByOne || this.#replies.outstanding >= MAX_EXPECTED) await replied;
  }

  ask(command: string): Promise<number> {
    return new Promise((told) => void this.forward(command, { told, stage: "mailbox" }));
  }

  async write(bytes: Buffer): Promise<boolean> {
    return this.#joined !== undefined && (await write(this.#joined.upstream.socket, bytes));
  }

  /** Closes both once the server's last word is out. */
  hangUp(): void {
    if (this.#joined) this.#joined.upstream.socket.end();
    else this.#client.close();
  }

  cutOff(): void {
    this.#joined?.upstream.socket.destroy();
  }

  async closed(): Promise<void> {
    await this.#joined?.closed;
  }
}
