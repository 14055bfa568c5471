import type { ByteReader } from "./byte-reader";
import type { Client } from "./client";
import { recordRefusedMessage } from "./message-refusals";
import type { Session } from "./sessions";
import { readReply } from "./smtp-words";

/** What is answered next: by the server, or by the gateway in the server's place. */
type Expected =
  | { own: string }
  | { told: (code: number) => void; instead?: string | undefined; isOfMessage: boolean };

export type Asked = {
  /** What is said in place of the server's words. */
  instead?: string | undefined;
  /** Whether a refusal is one of the message: it is shown with the device. */
  isOfMessage?: boolean;
};

/** The server ended before it replied. */
export const NO_REPLY = 0;

/** Replies in the order of their commands, whether the server's or ours. */
export class Replies {
  readonly #client: Client;
  readonly #session: Session;
  readonly #expected: Expected[] = [];
  /** Who waits until none is outstanding. */
  #waiting: (() => void)[] = [];

  constructor(client: Client, session: Session) {
    this.#client = client;
    this.#session = session;
  }

  /** Commands whose replies are outstanding. */
  get outstanding(): number {
    return this.#expected.length;
  }

  /** Those of a message among them. */
  get outstandingOfMessage(): number {
    return this.#expected.filter((each) => "told" in each && each.isOfMessage).length;
  }

  /** Once none is outstanding any more, or the server has ended. */
  async settled(): Promise<void> {
    if (this.#expected.length > 0)
      await new Promise<void>((settle) => {
        this.#waiting.push(settle);
      });
  }

  /** Hands on what a server says, until it ends, or is not the one any more. */
  async pass(server: ByteReader, parted: AbortSignal): Promise<void> {
    for (;;) {
      const reply = await readReply(server);
      if (parted.aborted) return;
      if (!reply) break;
      const expected = this.#expected.shift();
      this.#client.send(wordsOf(reply, expected));
      if (reply.code >= 400 && expected && "told" in expected && expected.isOfMessage)
        recordRefusedMessage(this.#client, this.#session, reply.text);
      tell(expected, reply.code);
      this.#sayOwn();
    }
    for (const expected of this.#expected.splice(0)) tell(expected, NO_REPLY);
    this.#settle();
  }

  /** The code of the reply that the server gives next to last. */
  expect({ instead, isOfMessage = false }: Asked): Promise<number> {
    return new Promise((told) => {
      this.#expected.push({ told, instead, isOfMessage });
    });
  }

  /** Of the gateway itself, in its turn. */
  answer(own: string): true {
    this.#expected.push({ own });
    this.#sayOwn();
    return true;
  }

  #sayOwn(): void {
    for (let [next] = this.#expected; next && "own" in next; [next] = this.#expected) {
      this.#expected.shift();
      this.#client.send(next.own);
    }
    if (this.#expected.length === 0) this.#settle();
  }

  #settle(): void {
    for (const settle of this.#waiting.splice(0)) settle();
  }
}

function wordsOf(reply: { code: number; text: string }, expected: Expected | undefined): string {
  if (!expected || "own" in expected || reply.code >= 400) return reply.text;
  return expected.instead ?? reply.text;
}

function tell(expected: Expected | undefined, code: number): void {
  if (expected && "told" in expected) expected.told(code);
}
