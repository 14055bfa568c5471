import type { ByteReader } from "@/lib/mail/byte-reader";
import type { MailStage } from "@/lib/mail/schema";
import type { Client } from "./client";
import { recordRefusedMessage } from "./message-refusals";
import type { Session } from "./sessions";
import { readReply } from "./smtp-words";

type Expected =
  | { own: string }
  | { told: (code: number) => void; instead?: string | undefined; stage: MailStage | undefined };

export type Asked = {
  instead?: string | undefined;
  /** `sender` for MAIL, then `mailbox`; a refusal shows at the device. */
  stage?: MailStage | undefined;
};

export const NO_REPLY = 0;

/** In the order of commands, the server's and ours. */
export class Replies {
  readonly #client: Client;
  readonly #session: Session;
  readonly #expected: Expected[] = [];
  #isRefused = false;
  #waiting: (() => void)[] = [];

  constructor(client: Client, session: Session) {
    this.#client = client;
    this.#session = session;
  }

  get outstanding(): number {
    return this.#expected.length;
  }

  get outstandingOfMessage(): number {
    return this.#expected.filter((each) => "told" in each && each.stage).length;
  }

  async settled(): Promise<void> {
    if (this.#expected.length > 0)
      await new Promise<void>((settle) => {
        this.#waiting.push(settle);
      });
  }

  /** Until the server ends or is left. */
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

  /** After a refusal, later ones are consequences, not causes. */
  #judge({ code, text }: { code: number; text: string }, stage: MailStage): void {
    if (code >= 400 && (stage === "sender" || !this.#isRefused))
      recordRefusedMessage(this.#client, this.#session, { text, stage });
    this.#isRefused = code >= 400;
  }

  expect({ instead, stage }: Asked): Promise<number> {
    return new Promise((told) => {
      this.#expected.push({ told, instead, stage });
    });
  }

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
