import { setImmediate as nextTurn } from "node:timers/promises";
import type { Idler } from "@/lib/devices/places/places";
import type { Client } from "./client";
import { DataRate } from "./data-rate";
import { Envelope } from "./envelope";
import { cutSlowMessage, passMessage } from "./message";
import { recordTooFast } from "./message-refusals";
import { Pacing } from "./pacing";
import { Patience, Progress } from "./progress";
import { putOffText, STOPPING } from "./refusals";
import { readSender } from "./senders";
import { ServerSide } from "./server-side";
import { type Session, WAITS } from "./sessions";
import type { OpenedSession } from "./sign-in";
import { NO_REPLY, Replies } from "./smtp-replies";
import {
  ALONE,
  ENDS_ENVELOPE,
  FORWARDED,
  MAX_EXPECTED,
  mailCommand,
  NO_COMMAND,
  NO_PARAMETER,
  NOT_8_BIT,
  OF_MESSAGE,
  REFUSED,
  readCommand,
  readVerb,
  TOO_LONG,
} from "./smtp-words";
import { hasRoom } from "./splice";
import type { Upstream } from "./upstream/upstream";

/** Messages pass byte by byte: nothing is stored, and the device gets the server's own answer. */
export async function relay(client: Client, opened: OpenedSession): Promise<void> {
  const conversation = new Conversation(client, opened);
  const withdraw = opened.offer(conversation);
  opened.session.sayBye = () => conversation.sayBye();
  opened.session.isIdle = () => conversation.isIdle;
  try {
    await conversation.run(opened.upstream);
  } finally {
    withdraw();
    client.socket.destroySoon();
  }
}

class Conversation implements Idler {
  readonly #client: Client;
  readonly #session: Session;
  readonly #reopen: OpenedSession["reopen"];
  readonly #pacing: Pacing;
  readonly #replies: Replies;
  readonly #server: ServerSide;
  readonly #progress = new Progress();
  readonly #envelope = new Envelope();
  #isAtWork = false;
  /** A gateway that stops takes the first message still: who has signed in may keep no queue. */
  #hasSent = false;
  /** Before the next command, after outstanding replies. */
  #isLeaving = false;
  readonly #patience = new Patience();
  #rate: DataRate | undefined;

  constructor(client: Client, { session, reopen }: OpenedSession) {
    this.#client = client;
    this.#session = session;
    this.#reopen = reopen;
    this.#pacing = new Pacing(session.device);
    this.#replies = new Replies(client, session);
    this.#server = new ServerSide(client, this.#replies);
  }

  async run(upstream: Upstream): Promise<void> {
    this.#join(upstream);
    await this.#passCommands();
    await this.#server.closed();
  }

  #join(upstream: Upstream): void {
    this.#progress.joined();
    this.#server.join(upstream);
  }

  /** Not while a message flows; a dripping one loses what it sent, so it goes last. */
  get idleMs(): number {
    const isSending = this.#isAtWork || this.#replies.outstandingOfMessage > 0;
    const isWaiting = this.#rate ? !this.#rate.isTooSlow : isSending && !this.#progress.isBabbling;
    const idleMs = this.#server.isJoined && !isWaiting ? this.#progress.sinceMs : 0;
    return this.#rate ? Math.min(idleMs, WAITS.idleMs) : idleMs;
  }

  get isIdle(): boolean {
    const isQuiet = this.#hasSent || this.#progress.sinceMs >= this.#session.quietMs;
    return isQuiet && !this.#isAtWork && this.#replies.outstanding === 0;
  }

  giveUp(): boolean {
    if (this.#rate) return cutSlowMessage(this.#client, this.#session, this.#server);
    this.#isLeaving = this.#isAtWork || this.#replies.outstanding > 0;
    if (!this.#isLeaving) this.#part();
    return !this.#isLeaving;
  }

  #part(): void {
    if (this.#envelope.part()) this.#progress.lost();
    this.#server.part();
  }

  async #leave(): Promise<void> {
    await this.#replies.settled();
    this.#isLeaving = false;
    if (this.#server.isJoined) this.#part();
  }

  sayBye(): void {
    if (this.#replies.outstanding === 0) this.#client.send(STOPPING.smtp.trimEnd());
    this.#server.hangUp();
  }

  async #passCommands(): Promise<void> {
    for (;;) {
      if (this.#session.isEnding && this.#hasSent && this.isIdle) return this.sayBye();
      // A client that reads no replies gets no more commands read.
      if (!(await hasRoom(this.#client.socket))) return this.#server.hangUp();
      if (this.#replies.outstanding >= MAX_EXPECTED) await this.#replies.settled();
      const line = await readCommand(this.#client.reader);
      if (!line) return this.#server.hangUp();
      if (!(await this.#answer(line))) return;
    }
  }

  async #answer(line: Buffer | "too long"): Promise<boolean> {
    if (this.#isLeaving) await this.#leave();
    const goesOn = line === "too long" ? this.#refuse(TOO_LONG) : await this.#command(line);
    this.#isAtWork = false;
    // Gives other sessions a turn.
    if (goesOn && this.#replies.outstanding === 0) await nextTurn();
    return goesOn;
  }

  #refuse(words: string, isPatient = this.#patience.refused()): boolean {
    this.#replies.answer(words);
    if (isPatient) return true;
    this.#replies.answer("421 4.7.0 Too many errors.");
    this.#server.hangUp();
    return false;
  }

  async #command(line: Buffer): Promise<boolean> {
    const text = line.toString("latin1");
    const verb = readVerb(text);
    const refused = REFUSED[verb];
    if (refused !== undefined) return this.#refuse(refused);
    if (ENDS_ENVELOPE.has(verb)) this.#envelope.end();
    this.#isAtWork = OF_MESSAGE.has(verb);
    const ended = this.#envelope.answerTo(verb);
    if (ended !== null) return this.#refuse(ended, this.#patience.putOff());
    if (!this.#server.isJoined && verb !== "MAIL") return this.#answerAlone(verb);
    switch (verb) {
      case "EHLO":
      case "HELO":
        await this.#server.forward(`${verb} [127.0.0.1]`, { instead: ALONE[verb] });
        return true;
      case "MAIL":
        return this.#mail(text);
      case "RCPT":
        this.#progress.recipient();
        await this.#server.forward(text, { told: this.#envelope.recipient(), stage: "mailbox" });
        return true;
      case "DATA":
        return this.#data(text);
      case "QUIT":
        await this.#server.forward("QUIT", { told: () => this.#server.hangUp() });
        return false;
      default:
        // Anything else may be a command to a lenient server.
        if (!FORWARDED.has(verb)) return this.#refuse(NO_COMMAND);
        await this.#server.forward(text);
        return true;
    }
  }

  #answerAlone(verb: string): boolean {
    const words = ALONE[verb];
    if (words === undefined) return this.#refuse(NO_COMMAND);
    this.#replies.answer(words);
    if (verb === "QUIT") this.#client.close();
    return verb !== "QUIT";
  }

  async #mail(text: string): Promise<boolean> {
    const mail = readSender(text, this.#client, this.#session);
    if (typeof mail === "string") return this.#refuseMail(mail);
    const away = await this.#rejoin();
    if (away !== null) return this.#refuse(away, this.#patience.putOff());
    // Before its turn: others need the mailbox more than a message that cannot go.
    const command = mailCommand(mail, this.#server.offers);
    if (command === null) return this.#refuseMail(NOT_8_BIT);
    const fast = await this.#progress.held(this.#pacing.message());
    if (fast !== null) {
      recordTooFast(this.#client, this.#session, fast);
      return this.#refuse(fast, this.#patience.putOff());
    }
    this.#progress.mail();
    await this.#server.forward(command, { told: this.#envelope.begin(), stage: "sender" });
    return true;
  }

  #refuseMail(words: string): boolean {
    this.#envelope.refuse();
    return this.#refuse(words);
  }

  async #rejoin(): Promise<string | null> {
    this.#envelope.putOff();
    if (this.#server.isJoined) return null;
    const opened = await this.#reopen();
    if ("refusal" in opened) return putOffText(opened.refusal, opened.details);
    this.#join(opened.upstream);
    return null;
  }

  async #data(text: string): Promise<boolean> {
    if (text.trimEnd().length > "DATA".length) return this.#refuse(NO_PARAMETER);
    // Only now: refused ones and envelopes that end here cost the others of the mailbox nothing.
    if (this.#envelope.hasSeveral) await this.#replies.settled();
    const tooMany = await this.#pacing.recipients(this.#envelope.uncounted);
    if (tooMany !== null) return this.#refuse(tooMany, this.#patience.putOff());
    this.#envelope.counted();
    const code = await this.#server.ask("DATA");
    if (code !== 354) return code !== NO_REPLY;
    this.#rate = new DataRate();
    this.#envelope.end();
    try {
      const between = { client: this.#client, session: this.#session, rate: this.#rate };
      const taken = await passMessage(between, this.#server, this.#replies);
      if (taken === 250) this.#patience.messageTaken();
      return taken !== null;
    } finally {
      this.#hasSent = true;
      this.#rate = undefined;
      this.#progress.message();
    }
  }
}
