import { MINUTE_MS } from "@/lib/kernel/clock";
import { ByteReader, LineTooLong } from "./byte-reader";
import type { Client } from "./client";
import { DataEnd } from "./data-end";
import { recordRefusedMessage, recordRefusedSender, recordTooFast } from "./message-refusals";
import { Pacing } from "./pacing";
import { maySendFrom, rewriterFor } from "./senders";
import type { Session } from "./sessions";
import {
  EHLO_REPLY,
  FORWARDED,
  knownParameters,
  MAX_EXPECTED,
  REFUSED,
  readMail,
  readReply,
} from "./smtp-words";
import { closeTogether, write } from "./splice";
import type { Upstream } from "./upstream/open";

/** RFC 5321 §4.5.3.2.7. */
const SILENT_MS = 6 * MINUTE_MS;
const MAX_COMMAND = 4_096;
const TOO_LARGE = "552 5.3.4 The header of this message is too large.";

/** What is answered next: by the server, or by the gateway in the server's place. */
type Expected =
  | { own: string }
  | { told: (code: number) => void; instead?: string | undefined; isOfMessage: boolean };

type Asked = {
  /** What is said in place of the server's words. */
  instead?: string;
  /** Whether a refusal is one of the message: it is shown with the device. */
  isOfMessage?: boolean;
};

/**
 * Hands each command of a device to the account's server and each reply back, in their order. A message goes
 * through as it is, byte by byte: nothing is kept, and the device has the server's own answer to it.
 */
export async function relay(client: Client, upstream: Upstream, session: Session): Promise<void> {
  const server = new ByteReader(upstream.socket, upstream.rest);
  const conversation = new Conversation(client, upstream, session);
  const closed = closeTogether(client.socket, upstream.socket, SILENT_MS);
  await Promise.all([conversation.passReplies(server), conversation.passCommands()]);
  await closed;
}

class Conversation {
  readonly #client: Client;
  readonly #upstream: Upstream;
  readonly #session: Session;
  readonly #pacing: Pacing;
  readonly #expected: Expected[] = [];

  constructor(client: Client, upstream: Upstream, session: Session) {
    this.#client = client;
    this.#upstream = upstream;
    this.#session = session;
    this.#pacing = new Pacing(session.device);
  }

  async passReplies(server: ByteReader): Promise<void> {
    for (;;) {
      const reply = await readReply(server);
      if (!reply) break;
      const expected = this.#expected.shift();
      this.#client.send(wordsOf(reply, expected));
      if (reply.code >= 400 && expected && "told" in expected && expected.isOfMessage)
        recordRefusedMessage(this.#client, this.#session, reply.text);
      tell(expected, reply.code);
      this.#sayOwn();
    }
    for (const expected of this.#expected) tell(expected, NO_REPLY);
    this.#client.close();
  }

  async passCommands(): Promise<void> {
    for (;;) {
      if (this.#session.isEnding && this.#expected.length === 0) {
        this.#client.send("421 4.3.2 The gateway is about to stop. Connect again.");
        return this.#hangUp();
      }
      const line = await this.#line();
      if (!line) return this.#hangUp();
      if (line === "too long") this.#answer("500 5.5.2 The line is too long.");
      else if (!(await this.#command(line))) return;
    }
  }

  /** RFC 5321 §4.5.3.1.9: a line that is too long is answered, and so is the next. */
  async #line(): Promise<Buffer | "too long" | null> {
    const { reader } = this.#client;
    try {
      return await reader.line(MAX_COMMAND);
    } catch (error) {
      if (!(error instanceof LineTooLong)) throw error;
      return (await reader.skipLine()) ? "too long" : null;
    }
  }

  #hangUp(): void {
    this.#upstream.socket.end();
  }

  /** @returns false when it was the last one */
  async #command(line: Buffer): Promise<boolean> {
    const text = line.toString("latin1");
    // A line break or NUL inside would be another command to some servers.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    if (/[\x00\r\n]/.test(text)) return this.#answer("500 5.5.2 This is no command.");
    const verb = /^[A-Za-z]+/.exec(text)?.[0].toUpperCase() ?? "";
    const refused = REFUSED[verb];
    if (refused !== undefined) return this.#answer(refused);
    switch (verb) {
      case "EHLO":
        await this.#forward("EHLO [127.0.0.1]", { instead: EHLO_REPLY });
        return true;
      case "HELO":
        await this.#forward("HELO [127.0.0.1]", { instead: "250 Postkey" });
        return true;
      case "MAIL":
        return this.#mail(text);
      case "RCPT": {
        const tooMany = await this.#pacing.recipient();
        if (tooMany !== null) return this.#answer(tooMany);
        await this.#forward(text, { isOfMessage: true });
        return true;
      }
      case "DATA":
        return this.#data(text);
      case "QUIT":
        await this.#forward("QUIT", { told: () => this.#hangUp() });
        return false;
      default:
        // Anything else, such as a command behind a blank, might be one to a server that is less strict.
        if (!FORWARDED.has(verb)) return this.#answer("500 5.5.2 This is no command.");
        await this.#forward(text);
        return true;
    }
  }

  async #mail(text: string): Promise<boolean> {
    const mail = readMail(text);
    if (!mail) return this.#answer("501 5.5.4 MAIL takes FROM:<address>.");
    const { device } = this.#session;
    const isAllowed = maySendFrom(device, mail.address);
    if (!isAllowed && !device.rewriteFrom) {
      recordRefusedSender(this.#client, this.#session, mail.address);
      return this.#answer(`550 5.7.1 This device may not send from this address.`);
    }
    const tooFast = await this.#pacing.message();
    if (tooFast !== null) {
      recordTooFast(this.#client, this.#session, tooFast);
      return this.#answer(tooFast);
    }
    const address = isAllowed ? mail.address : device.emailAddress;
    const parameters = knownParameters(mail.parameters, this.#upstream.offers);
    await this.#forward(`MAIL FROM:<${address}>${parameters}`, { isOfMessage: true });
    return true;
  }

  async #data(text: string): Promise<boolean> {
    if (text.trimEnd().length > "DATA".length)
      return this.#answer("501 5.5.4 DATA takes no parameter.");
    const code = await new Promise<number>(
      (told) => void this.#forward("DATA", { told, isOfMessage: true }),
    );
    if (code !== 354) return code !== NO_REPLY;
    this.#session.isBusy = true;
    try {
      return await this.#message();
    } finally {
      this.#session.isBusy = false;
    }
  }

  async #message(): Promise<boolean> {
    const end = new DataEnd();
    const from = rewriterFor(this.#session.device);
    for (;;) {
      const chunk = await this.#client.reader.some();
      // The client is gone in the middle of it: the server must not take what it has for a whole.
      if (!chunk) return this.#cutOff();
      const { bytes: taken, behind } = end.next(chunk);
      this.#session.count(taken.length);
      const bytes = from(taken, behind !== undefined);
      if (!bytes) {
        this.#client.send(TOO_LARGE);
        recordRefusedMessage(this.#client, this.#session, TOO_LARGE);
        return this.#cutOff();
      }
      if (behind) return this.#lastPart(bytes, behind);
      if (!(await write(this.#upstream.socket, bytes))) return false;
    }
  }

  async #lastPart(bytes: Buffer, behind: Buffer): Promise<boolean> {
    this.#client.reader.unread(behind);
    // Before it is out: the server may be fast.
    const replied = this.#expect({ isOfMessage: true });
    if (!(await write(this.#upstream.socket, bytes))) return false;
    if ((await replied) === 250) this.#session.messages += 1;
    return true;
  }

  #cutOff(): false {
    this.#upstream.socket.destroy();
    return false;
  }

  /** The code of the reply that the server gives next to last. */
  #expect({ instead, isOfMessage = false }: Asked): Promise<number> {
    return new Promise((told) => {
      this.#expected.push({ told, instead, isOfMessage });
    });
  }

  async #forward(
    command: string,
    { told = () => {}, ...asked }: Asked & { told?: (code: number) => void } = {},
  ): Promise<void> {
    const replied = this.#expect(asked);
    void replied.then(told);
    await write(this.#upstream.socket, Buffer.from(`${command}\r\n`, "latin1"));
    if (this.#expected.length >= MAX_EXPECTED) await replied;
  }

  /** Of the gateway itself, in its turn. */
  #answer(own: string): true {
    this.#expected.push({ own });
    this.#sayOwn();
    return true;
  }

  #sayOwn(): void {
    for (;;) {
      const [next] = this.#expected;
      if (!next || !("own" in next)) return;
      this.#expected.shift();
      this.#client.send(next.own);
    }
  }
}

const NO_REPLY = 0;

function wordsOf(reply: { code: number; text: string }, expected: Expected | undefined): string {
  if (!expected || "own" in expected || reply.code >= 400) return reply.text;
  return expected.instead ?? reply.text;
}

function tell(expected: Expected | undefined, code: number): void {
  if (expected && "told" in expected) expected.told(code);
}
