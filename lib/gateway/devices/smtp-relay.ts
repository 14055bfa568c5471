import { setImmediate as nextTurn } from "node:timers/promises";
import type { Client } from "./client";
import { passMessage } from "./message";
import { recordRefusedSender, recordTooFast } from "./message-refusals";
import { Pacing } from "./pacing";
import { Patience } from "./patience";
import { Progress } from "./progress";
import { putOffText, STOPPING } from "./refusals";
import { maySendFrom } from "./senders";
import { ServerSide } from "./server-side";
import type { Session } from "./sessions";
import type { OpenedSession } from "./sign-in";
import type { Idler } from "./slots";
import { NO_REPLY, Replies } from "./smtp-replies";
import {
  ALONE,
  EHLO_REPLY,
  ENDS_ENVELOPE,
  FORWARDED,
  knownParameters,
  OF_ENVELOPE,
  PLACE_LOST,
  REFUSED,
  readCommand,
  readMail,
} from "./smtp-words";
import { hasRoom } from "./splice";
import type { Upstream } from "./upstream/open";

const STOPS = STOPPING.smtp.trimEnd();

/**
 * Hands each command of a device to the account's server and each reply back, in their order. A message goes
 * through as it is, byte by byte: nothing is kept, and the device has the server's own answer to it.
 */
export async function relay(
  client: Client,
  { upstream, session, reopen, offer }: OpenedSession,
): Promise<void> {
  const conversation = new Conversation(client, session, reopen);
  const withdraw = offer(conversation);
  session.sayBye = () => conversation.sayBye();
  try {
    conversation.join(upstream);
    await conversation.passCommands();
    await conversation.ended();
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
  /** A command is under way here, such as MAIL that waits for its turn. */
  #isAtWork = false;
  /** From MAIL to DATA. */
  #isInEnvelope = false;
  /** Its place was given up within an envelope, which has to be begun again. */
  #isEnvelopeLost = false;
  readonly #patience = new Patience();

  constructor(client: Client, session: Session, reopen: OpenedSession["reopen"]) {
    this.#client = client;
    this.#session = session;
    this.#reopen = reopen;
    this.#pacing = new Pacing(session.device);
    this.#replies = new Replies(client, session);
    this.#server = new ServerSide(client, this.#replies);
  }

  join(upstream: Upstream): void {
    this.#progress.joined();
    this.#server.join(upstream);
  }

  /** How long it got no further with a message, with none under way. */
  get idleMs(): number {
    const isWaiting = this.#isAtWork || this.#session.isBusy || this.#replies.outstanding > 0;
    return this.#server.isJoined && !isWaiting ? this.#progress.sinceMs : 0;
  }

  /** Gives its place at the server up; the next message takes another one. */
  giveUp(): void {
    this.#isEnvelopeLost = this.#isInEnvelope;
    this.#isInEnvelope = false;
    this.#server.part();
  }

  /** The gateway is about to stop, and no message is cut off. */
  sayBye(): void {
    if (this.#replies.outstanding === 0) this.#client.send(STOPS);
    this.#server.hangUp();
  }

  async ended(): Promise<void> {
    await this.#server.closed();
  }

  async passCommands(): Promise<void> {
    for (;;) {
      if (this.#session.isEnding && this.#replies.outstanding === 0) return this.sayBye();
      // Who reads no replies is asked for no more commands.
      if (!(await hasRoom(this.#client.socket))) return this.#server.hangUp();
      const line = await readCommand(this.#client.reader);
      if (!line) return this.#server.hangUp();
      if (!(await this.#answer(line))) return;
    }
  }

  /** @returns false when it was the last one */
  async #answer(line: Buffer | "too long"): Promise<boolean> {
    this.#isAtWork = true;
    const goesOn =
      line === "too long"
        ? this.#refuse("500 5.5.2 The line is too long.")
        : await this.#command(line);
    this.#isAtWork = false;
    // What the gateway answers by itself waits for nothing, and others have a turn as well.
    if (goesOn && this.#replies.outstanding === 0) await nextTurn();
    return goesOn;
  }

  /** @returns false when it was one too many */
  #refuse(words: string, isPatient = this.#patience.refused()): boolean {
    this.#replies.answer(words);
    if (isPatient) return true;
    this.#replies.answer("421 4.7.0 Too many errors.");
    this.#server.hangUp();
    return false;
  }

  #postpone(words: string): boolean {
    return this.#refuse(words, this.#patience.putOff());
  }

  /** @returns false when it was the last one */
  async #command(line: Buffer): Promise<boolean> {
    const text = line.toString("latin1");
    // A line break or NUL inside would be another command to some servers.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    if (/[\x00\r\n]/.test(text)) return this.#refuse("500 5.5.2 This is no command.");
    const verb = /^[A-Za-z]+/.exec(text)?.[0].toUpperCase() ?? "";
    const refused = REFUSED[verb];
    if (refused !== undefined) return this.#refuse(refused);
    if (ENDS_ENVELOPE.has(verb)) this.#isInEnvelope = this.#isEnvelopeLost = false;
    if (!this.#server.isJoined && verb !== "MAIL") return this.#answerAlone(verb);
    switch (verb) {
      case "EHLO":
        await this.#server.forward("EHLO [127.0.0.1]", { instead: EHLO_REPLY });
        return true;
      case "HELO":
        await this.#server.forward("HELO [127.0.0.1]", { instead: "250 Postkey" });
        return true;
      case "MAIL":
        return this.#mail(text);
      case "RCPT": {
        this.#progress.recipient();
        const tooMany = await this.#pacing.recipient();
        if (tooMany !== null) return this.#postpone(tooMany);
        await this.#server.forward(text, { isOfMessage: true });
        return true;
      }
      case "DATA":
        return this.#data(text);
      case "QUIT":
        await this.#server.forward("QUIT", { told: () => this.#server.hangUp() });
        return false;
      default:
        // Anything else, such as a command behind a blank, might be one to a server that is less strict.
        if (!FORWARDED.has(verb)) return this.#refuse("500 5.5.2 This is no command.");
        await this.#server.forward(text);
        return true;
    }
  }

  /** Between two messages, while another device has the place. */
  #answerAlone(verb: string): boolean {
    if (this.#isEnvelopeLost && OF_ENVELOPE.has(verb)) return this.#postpone(PLACE_LOST);
    const words = ALONE[verb];
    if (words === undefined) return this.#refuse("500 5.5.2 This is no command.");
    this.#replies.answer(words);
    if (verb !== "QUIT") return true;
    this.#client.close();
    return false;
  }

  async #mail(text: string): Promise<boolean> {
    const mail = readMail(text);
    if (!mail) return this.#refuse("501 5.5.4 MAIL takes FROM:<address>.");
    const { device } = this.#session;
    const isAllowed = maySendFrom(device, mail.address);
    if (!isAllowed && !device.rewriteFrom) {
      recordRefusedSender(this.#client, this.#session, mail.address);
      return this.#refuse(`550 5.7.1 This device may not send from this address.`);
    }
    this.#isEnvelopeLost = false;
    const put = await this.#putOff();
    if (put !== null) return this.#postpone(put);
    this.#progress.mail();
    // A second MAIL is refused, and the envelope of the first one stays.
    const isNested = this.#isInEnvelope;
    this.#isInEnvelope = true;
    const address = isAllowed ? mail.address : device.emailAddress;
    const parameters = knownParameters(mail.parameters, this.#server.offers);
    const told = (code: number) => {
      if (code !== 250) this.#isInEnvelope = isNested;
    };
    await this.#server.forward(`MAIL FROM:<${address}>${parameters}`, { told, isOfMessage: true });
    return true;
  }

  /** @returns why the message can't begin now; null when it can */
  async #putOff(): Promise<string | null> {
    if (!this.#server.isJoined) {
      const opened = await this.#reopen();
      if ("refusal" in opened) return putOffText(opened.refusal, opened.serverCode);
      this.join(opened.upstream);
    }
    const tooFast = await this.#pacing.message();
    if (tooFast !== null) recordTooFast(this.#client, this.#session, tooFast);
    return tooFast;
  }

  async #data(text: string): Promise<boolean> {
    if (text.trimEnd().length > "DATA".length)
      return this.#refuse("501 5.5.4 DATA takes no parameter.");
    const code = await new Promise<number>(
      (told) => void this.#server.forward("DATA", { told, isOfMessage: true }),
    );
    if (code !== 354) return code !== NO_REPLY;
    this.#session.isBusy = true;
    this.#isInEnvelope = false;
    try {
      const between = { client: this.#client, session: this.#session };
      const taken = await passMessage(between, this.#server, this.#replies);
      if (taken === 250) this.#patience.messageTaken();
      return taken !== null;
    } finally {
      this.#session.isBusy = false;
      this.#progress.message();
    }
  }
}
