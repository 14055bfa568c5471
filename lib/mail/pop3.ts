import { type Channel, type Dialect, openChannel } from "./channel";
import type { MailCredential } from "./credential";
import { LineReader } from "./line-reader";
import { notThisProtocol } from "./plain-answer";
import { runProbe } from "./probe";
import { probeFailure, ServerRefusal } from "./probe-failure";
import type { ProbeInput } from "./probe-input";
import type { ProbeRun } from "./probe-run";
import type { ProtocolReport } from "./schema";
import { countMessages, safeServerText } from "./text";
import { requirePlainText, xoauth2InitialResponse } from "./xoauth2";

/**
 * Proves that a mailbox can be used over POP3 (RFC 1939): authenticates and asks for the number of
 * messages. No message is fetched or deleted.
 *
 * Never rejects; ends within `input.deadlineMs` milliseconds.
 */
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

async function authenticate(
  run: ProbeRun,
  session: Pop3Session,
  mechanisms: string[],
): Promise<void> {
  const credential = await run.credential();

  run.enter("authenticate");
  if (credential.kind === "xoauth2" && !mechanisms.includes("XOAUTH2"))
    throw probeFailure("mail.no_xoauth2");
  await session.authenticate(credential);
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

  /** Sends a command; returns what follows `+OK`. @throws ServerRefusal on anything else */
  async command(line: string): Promise<string> {
    this.send(line);
    return accepted(await this.#reader.line());
  }

  /** STAT (RFC 1939 §5). A `+OK` without the two numbers is no answer to it. */
  async countMessages(): Promise<number> {
    const stat = await this.command("STAT");
    const [, count] = /^(\d{1,15}) \d{1,15}\b/.exec(stat) ?? [];
    if (count === undefined)
      throw probeFailure("mail.protocol_error", { serverText: safeServerText(`+OK ${stat}`) });
    return Number(count);
  }

  /** CAPA (RFC 2449). A server without it offers no mechanism. */
  async saslMechanisms(): Promise<string[]> {
    this.send("CAPA");
    if (!isPositive(await this.#reader.line())) return [];
    let mechanisms: string[] = [];
    for (;;) {
      const line = await this.#reader.line();
      if (line === ".") return mechanisms;
      const [name, ...values] = line.toUpperCase().split(" ");
      if (name === "SASL") mechanisms = values;
    }
  }

  async authenticate(credential: MailCredential): Promise<void> {
    if (credential.kind === "xoauth2")
      return this.#authenticateXoauth2(
        xoauth2InitialResponse(credential.user, credential.accessToken),
      );
    requirePlainText(credential.user, credential.password);
    await this.command(`USER ${credential.user}`);
    await this.command(`PASS ${credential.password}`);
  }

  /** Two lines always: Exchange Online ends the connection when the token is on the first. */
  async #authenticateXoauth2(response: string): Promise<void> {
    this.send("AUTH XOAUTH2");
    const go = await this.#reader.line();
    if (!go.startsWith("+") || isPositive(go)) throw new ServerRefusal(go);
    this.send(response);
    const reply = await this.#reader.line();
    if (isPositive(reply)) return;
    if (!reply.startsWith("+ ")) throw new ServerRefusal(reply);
    // An error in JSON; an empty line fetches the verdict that follows it (RFC 5034 §4).
    this.send("");
    throw new ServerRefusal(await this.#reader.line());
  }
}

const pop3Dialect: Dialect = {
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

function accepted(reply: string): string {
  if (!isPositive(reply)) throw new ServerRefusal(reply);
  return reply.slice(4);
}

function isPositive(reply: string): boolean {
  return /^\+OK\b/i.test(reply);
}
