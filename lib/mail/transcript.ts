import { type MailCredential, secretsOf } from "./credential";
import type { MailProtocol, TranscriptLine } from "./report";
import { safeServerText, withoutCredentials } from "./text";

/** The beginning and the end of what was said: in the middle of a long one nothing is decided. */
const HEAD_LINES = 40;
const TAIL_LINES = 19;
const MAX_TEXT = 300;
/** Of a flood nothing is read any more: it is only counted. */
const MAX_READ_LINES = 1_000;
const MAX_UNFINISHED = 8 * 1024;

/**
 * What client and server said to each other, without what must not be seen. While the client signs in
 * nothing of its own words is kept: a line is made anew from the name of its command. What a server
 * says is kept without the parts of the credential that it repeats.
 */
export class Transcript {
  readonly #protocol: MailProtocol;
  readonly #startedAt = performance.now();
  readonly #head: TranscriptLine[] = [];
  readonly #tail: TranscriptLine[] = [];
  readonly #unfinished = { client: "", server: "" };
  #lines = 0;
  #replayed = 0;
  #credential: MailCredential | undefined;
  #secrets: readonly string[] = [];
  #isAuthenticating = false;

  constructor(protocol: MailProtocol) {
    this.#protocol = protocol;
  }

  /** From here on no line shows a part of this. */
  protect(credential: MailCredential): void {
    this.#credential = credential;
    this.#secrets = secretsOf(credential);
  }

  set isAuthenticating(isAuthenticating: boolean) {
    this.#isAuthenticating = isAuthenticating;
  }

  /** What the socket was given to send. */
  sent(chunk: unknown): void {
    if (typeof chunk === "string" || chunk instanceof Uint8Array) this.#hear("client", chunk);
  }

  /** What the socket received. */
  received(chunk: Uint8Array): void {
    const repeated = Math.min(this.#replayed, chunk.length);
    this.#replayed -= repeated;
    this.#hear("server", chunk.subarray(repeated));
  }

  /** A line of the server that was read before the socket was listened to. */
  receivedLine(line: string): void {
    this.#keep("server", line);
  }

  /** So many bytes come again: they were put back for the next reader. */
  skip(bytes: number): void {
    this.#replayed += bytes;
  }

  note(text: string): void {
    this.#add("postkey", safeServerText(text, this.#secrets));
  }

  lines(): TranscriptLine[] {
    const omitted = this.#lines - this.#head.length - this.#tail.length;
    const [next] = this.#tail;
    if (omitted === 0 || !next) return this.#withoutPieces([...this.#head, ...this.#tail]);
    const text = `${omitted.toLocaleString("en")} lines left out`;
    const { ms } = next;
    return this.#withoutPieces([...this.#head, { by: "postkey", ms, text }, ...this.#tail]);
  }

  /** A server may repeat a secret in pieces, a few letters in each line. */
  #withoutPieces(lines: TranscriptLine[]): TranscriptLine[] {
    const said = lines.filter(({ by }) => by === "server");
    const cleaned = withoutCredentials(said.map(({ text }) => text).join("\n"), this.#secrets);
    const texts = cleaned.split("\n").values();
    return lines.map((line) =>
      line.by === "server" ? { ...line, text: texts.next().value ?? "" } : line,
    );
  }

  #hear(by: "client" | "server", chunk: string | Uint8Array): void {
    const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
    const lines = (this.#unfinished[by] + text).split(/\r?\n/);
    this.#unfinished[by] = (lines.pop() ?? "").slice(0, MAX_UNFINISHED);
    for (const line of lines) this.#keep(by, line);
  }

  #keep(by: "client" | "server", line: string): void {
    if (this.#lines >= MAX_READ_LINES) this.#lines += 1;
    else this.#add(by, by === "client" ? this.#ofClient(line) : this.#ofServer(line));
  }

  #add(by: TranscriptLine["by"], text: string): void {
    const line = { by, ms: Math.round(performance.now() - this.#startedAt), text: shortened(text) };
    this.#lines += 1;
    if (this.#head.length < HEAD_LINES) this.#head.push(line);
    else this.#tail.push(line);
    if (this.#tail.length > TAIL_LINES) this.#tail.shift();
  }

  #ofClient(line: string): string {
    if (line === "") return "‹an empty line›";
    if (!this.#isAuthenticating) return this.#withoutSecret(line);
    const known = COMMANDS[this.#protocol].find(({ begins }) => begins.test(line));
    if (!known) return secretName(this.#credential);
    if (known.isAll.test(line)) return known.name;
    return `${known.name} ${known.name === "USER" ? "‹user name›" : secretName(this.#credential)}`;
  }

  #ofServer(line: string): string {
    return this.#withoutSecret(opened(line));
  }

  #withoutSecret(line: string): string {
    return safeServerText(line, this.#secrets);
  }
}

type Command = { name: string; begins: RegExp; isAll: RegExp };

const command =
  (tag: string) =>
  (name: string): Command => ({
    name,
    begins: new RegExp(`^${tag}${name}\\b`, "i"),
    isAll: new RegExp(`^${tag}${name}$`, "i"),
  });

const MECHANISMS = ["XOAUTH2", "OAUTHBEARER", "PLAIN", "LOGIN"];
const AUTH = MECHANISMS.map((mechanism) => `AUTH ${mechanism}`);
const AUTHENTICATE = MECHANISMS.map((mechanism) => `AUTHENTICATE ${mechanism}`);

/** The only words of a client that signs in which are shown, and they come from here. */
const COMMANDS: Readonly<Record<MailProtocol, readonly Command[]>> = {
  imap: [...AUTHENTICATE, "LOGIN", "LOGOUT"].map(command("\\w{1,12} ")),
  smtp: [...AUTH, "QUIT"].map(command("")),
  pop3: [...AUTH, "USER", "PASS", "QUIT"].map(command("")),
};

function secretName(credential: MailCredential | undefined): string {
  if (!credential) return "‹credential›";
  const user = safeServerText(credential.user).slice(0, 100);
  if (credential.kind === "password") return `‹password for ${user}›`;
  const length = credential.accessToken.length.toLocaleString("en");
  return `‹token of ${length} characters for ${user}›`;
}

/** A challenge that holds JSON (RFC 7628 §3.2.2) says more when it is decoded. */
function opened(line: string): string {
  const [, status, encoded = ""] = /^(334|\+) (eyJ[\w+/]{8,1000}={0,2})$/.exec(line) ?? [];
  if (status === undefined) return line;
  return `${status} ‹${Buffer.from(encoded, "base64").toString("utf8")}›`;
}

function shortened(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  return `${text.slice(0, MAX_TEXT - 1).replace(/\p{Cs}$/u, "")}…`;
}
