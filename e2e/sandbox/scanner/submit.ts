import { once } from "node:events";
import { connect as connectPlain, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { connect as connectTls } from "node:tls";

export interface Scan {
  port: number;
  encryption: "tls" | "starttls" | "none";
  user: string;
  password: string;
  from: string;
  to: string;
}

/** What both sides said, the password left out. */
export interface Dialogue {
  lines: string[];
  isSent: boolean;
}

const HOST = "127.0.0.1";
const WITHIN_MS = 20_000;

/** Sends a page as a printer does: over one connection to this machine, and it trusts any certificate. */
export async function submitScan(scan: Scan): Promise<Dialogue> {
  const talk = new Talk();
  try {
    await talk.open(scan);
    return { lines: talk.lines, isSent: await send(talk, scan) };
  } catch (error) {
    talk.lines.push(`! ${error instanceof Error ? error.message : String(error)}`);
    return { lines: talk.lines, isSent: false };
  } finally {
    talk.close();
  }
}

async function send(talk: Talk, { user, password, from, to }: Scan): Promise<boolean> {
  const plain = Buffer.from(`\0${user}\0${password}`).toString("base64");
  const steps = [
    { line: `AUTH PLAIN ${plain}`, shown: "AUTH PLAIN (user name and password)", code: 235 },
    { line: `MAIL FROM:<${from}>`, code: 250 },
    { line: `RCPT TO:<${to}>`, code: 250 },
    { line: "DATA", code: 354 },
    { line: messageOf(from, to), shown: "(a message with one page)", code: 250 },
  ];
  for (const { line, shown = line, code } of steps)
    if ((await talk.ask(line, shown)) !== code) {
      await talk.ask("QUIT");
      return false;
    }
  await talk.ask("QUIT");
  return true;
}

function messageOf(from: string, to: string): string {
  const headers = [`From: Sandbox scanner <${from}>`, `To: <${to}>`, "Subject: Scanned page"];
  return [...headers, `Date: ${new Date().toUTCString()}`, "", "Page 1 of 1.", "."].join("\r\n");
}

class Talk {
  readonly lines: string[] = [];
  #socket: Socket | undefined;
  #replies: AsyncIterator<string> | undefined;

  async open({ port, encryption }: Scan): Promise<void> {
    const plain = connectPlain({ port, host: HOST });
    this.#use(plain);
    await once(plain, "connect");
    if (encryption === "tls") await this.#secure(plain);
    await this.#reply();
    await this.ask("EHLO scanner");
    if (encryption !== "starttls") return;
    if ((await this.ask("STARTTLS")) !== 220) throw new Error("STARTTLS was refused.");
    await this.#secure(plain);
    await this.ask("EHLO scanner");
  }

  close(): void {
    this.#socket?.destroy();
  }

  async ask(line: string, shown = line): Promise<number> {
    this.lines.push(`> ${shown}`);
    this.#socket?.write(`${line}\r\n`);
    return this.#reply();
  }

  #use(socket: Socket): void {
    socket.setTimeout(WITHIN_MS, () => socket.destroy(new Error("No answer in time.")));
    socket.on("error", () => {}); // the next reading tells it
    this.#socket = socket;
  }

  async #secure(plain: Socket): Promise<void> {
    const secure = connectTls({
      socket: plain,
      servername: "localhost",
      rejectUnauthorized: false,
    });
    this.#use(secure);
    this.#replies = undefined;
    await once(secure, "secureConnect");
    this.lines.push(`(${secure.getProtocol()})`);
  }

  async #reply(): Promise<number> {
    const socket = this.#socket;
    if (!socket) throw new Error("Not connected.");
    this.#replies ??= createInterface({ input: socket })[Symbol.asyncIterator]();
    for (;;) {
      const { value, done } = await this.#replies.next();
      if (done) throw socket.errored ?? new Error("The server closed the connection.");
      this.lines.push(`< ${value}`);
      if (/^\d{3}(?: |$)/.test(value)) return Number(value.slice(0, 3));
    }
  }
}
