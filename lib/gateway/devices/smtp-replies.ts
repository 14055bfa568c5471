import type { ByteReader } from "@/lib/mail/byte-reader";
import type { MailStage } from "@/lib/mail/schema";
import type { Client } from "./client";
import { recordRefusedMessage } from "./message-refusals";
import type { Session } from "./sessions";
import { readReply } from "./smtp-words";

/** What is answered next: by the server, or by the gateway in the server's place. */
type Expected =
  | { own: string }
  | { told: (code: number) => void; instead?: string | undefined; stage: MailStage | undefined };

export type Asked = {
  /** What is said in place of the server's words. */
  instead?: string | undefined;
  /** Of a command of a message: `sender` of MAIL, `mailbox` of what follows. Its refusal is shown with the device. */
  stage?: MailStage | undefined;
};

/** The server ended before it replied. */
export const NO_REPLY = 0;

/** Replies in the order of their commands, whether the server's or ours. */
export class Replies {
  readonly #client: Client;
  readonly #session: Session;
  readonly #expected: Expected[] = [];
  #isRefused = false;
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
    return this.#expected.filter((each) => "told" in each && each.stage).length;
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
      if (expected && "told" in expected && expected.stage) this.#judge(reply, expected.stage);
      tell(expected, reply.code);
      this.#sayOwn();
    }
    for (const expected of this.#expected.splice(0)) tell(expected, NO_REPLY);
    this.#settle();
  }

  /** Behind a refusal, the server's or ours, one that follows is its consequence and not told as a cause. */
  #judge({ code, text }: { code: number; text: string }, stage: MailStage): void {
    if (code >= 400 && (stage === "sender" || !this.#isRefused))
      recordRefusedMessage(this.#client, this.#session, { text, stage });
    this.#isRefused = code >= 400;
  }

  /** The code of the reply that the server gives next to last. */
  expect({ instead, stage }: Asked): Promise<number> {
    return new Promise((told) => {
      this.#expected.push({ told, instead, stage });
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
      if (/^[45]/.test(next.own)) this.#isRefused = true;
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
