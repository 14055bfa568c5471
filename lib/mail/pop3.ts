import { LineReader } from "./byte-reader";
import { type Channel, type Dialect, notThisProtocol, openChannel } from "./channel";
import type { MailCredential } from "./credential";
import { probeFailure, ServerRefusal } from "./probe-failure";
import { type ProbeInput, type ProbeRun, runProbe } from "./probe-run";
import type { ProtocolReport } from "./schema";
import { countMessages, safeServerText } from "./text";
import { requirePlainText, xoauth2InitialResponse } from "./xoauth2";

/** RFC 1939; fetches and deletes nothing. Never rejects. */
export function probePop3(input: ProbeInput): Promise<ProtocolReport> {
  return runProbe("pop3", input, async (run) => {
    const session = new Pop3Session(await openChannel(run, pop3Dialect));
    const mechanisms = await session.saslMechanisms();
    run.offers(mechanisms);
    run.done();

    await authenticate(run, session, mechanisms);

    run.enter("mailbox");
    const messages = await session.countMessages();
    run.found({ messages });
    run.note(countMessages(messages));
    run.done();
    session.send("QUIT"); // the answer is not waited for
  });
}

async function authenticate(run: ProbeRun, session: Pop3Session, mechanisms: string[]) {
  const credential = await run.credential();

  run.enter("authenticate");
  if (credential.kind === "xoauth2" && !mechanisms.includes("XOAUTH2"))
    throw probeFailure("mail.no_xoauth2");
  await pop3Login((line) => session.ask(line), credential);
  run.done();
}

class Pop3Session {
  readonly #socket: Channel["socket"];
  readonly #reader: LineReader;

  constructor({ socket }: Channel) {
    this.#socket = socket;
    this.#reader = new LineReader(socket);
  }

  send(line: string): void {
    this.#socket.write(`${line}\r\n`);
  }

  async ask(line: string): Promise<string> {
    this.send(line);
    return this.#reader.line();
  }

  async countMessages(): Promise<number> {
    const stat = accepted(await this.ask("STAT"));
    const [, count] = /^\S+ (\d{1,15}) \d{1,15}\b/.exec(stat) ?? [];
    if (count === undefined)
      throw probeFailure("mail.protocol_error", { serverText: safeServerText(stat) });
    return Number(count);
  }

  /** RFC 2449; without it, none. */
  async saslMechanisms(): Promise<string[]> {
    if (!isPositive(await this.ask("CAPA"))) return [];
    let mechanisms: string[] = [];
    for (;;) {
      const line = await this.#reader.line();
      if (line === ".") return mechanisms;
      const [name, ...values] = line.toUpperCase().split(" ");
      if (name === "SASL") mechanisms = values;
    }
  }
}

export const pop3Dialect: Dialect = {
  maxLineBytes: 512,

  async greet(reader) {
    const greeting = await reader.line();
    if (isPositive(greeting)) return greeting;
    if (greeting.startsWith("-ERR")) throw new ServerRefusal(greeting);
    throw notThisProtocol(greeting);
  },

  async requestTls({ reader, send }) {
    send("STLS"); // RFC 2595 §4
    if (!isPositive(await reader.line())) throw probeFailure("tls.starttls_missing");
  },
};

type Ask = (line: string) => Promise<string>;

export function isPositive(reply: string): boolean {
  return /^\+OK\b/i.test(reply);
}

/** @throws ServerRefusal */
export function accepted(reply: string): string {
  if (!isPositive(reply)) throw new ServerRefusal(reply);
  return reply;
}

/** RFC 5034, RFC 1939. @throws ServerRefusal; ProbeFailure `mail.invalid_credential` */
export async function pop3Login(ask: Ask, credential: MailCredential): Promise<string> {
  if (credential.kind === "password") {
    requirePlainText(credential.user, credential.password);
    accepted(await ask(`USER ${credential.user}`));
    return accepted(await ask(`PASS ${credential.password}`));
  }
  const response = xoauth2InitialResponse(credential.user, credential.accessToken);
  // Exchange Online disconnects when the token is on the first line.
  const go = await ask("AUTH XOAUTH2");
  if (!go.startsWith("+") || isPositive(go)) throw new ServerRefusal(go);
  const reply = await ask(response);
  if (isPositive(reply)) return reply;
  // A JSON error; an empty line fetches the verdict (RFC 5034 §4).
  throw new ServerRefusal(reply.startsWith("+ ") ? await ask("") : reply);
}
