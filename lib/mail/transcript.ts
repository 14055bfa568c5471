import type { MailCredential } from "./credential";
import type { MailProtocol, TranscriptLine } from "./report";
import { safeServerText } from "./text";

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
 * says is kept unless it repeats a part of the credential.
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
  #secrets: string[] = [];
  #isAuthenticating = false;

  constructor(protocol: MailProtocol) {
    this.#protocol = protocol;
  }

  /** From here on no line shows a part of this. */
  protect(credential: MailCredential): void {
    this.#credential = credential;
    this.#secrets = secretForms(credential);
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
    this.#add("postkey", safeServerText(text));
  }

  lines(): TranscriptLine[] {
    const omitted = this.#lines - this.#head.length - this.#tail.length;
    const [next] = this.#tail;
    if (omitted === 0 || !next) return [...this.#head, ...this.#tail];
    const text = `${omitted.toLocaleString("en")} lines left out`;
    return [...this.#head, { by: "postkey", ms: next.ms, text }, ...this.#tail];
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
    if (!this.#holdsSecret(line)) return safeServerText(line);
    return "‹a line that repeats a part of the credential›";
  }

  #holdsSecret(line: string): boolean {
    const said = line.slice(0, MAX_UNFINISHED);
    if (this.#secrets.some((secret) => said.includes(secret))) return true;
    const runs = said.match(/[\w+/=.-]{16,}/g) ?? [];
    return runs.some((run) => windows(run).some((part) => this.#secrets.some(has(part))));
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

/** Shorter ones cannot be told from ordinary text. */
const MIN_SECRET = 4;

/** A secret as it is, and in base64 wherever it stands in what is encoded with it. */
function secretForms(credential: MailCredential): string[] {
  const secret = credential.kind === "password" ? credential.password : credential.accessToken;
  const encoded = [0, 1, 2].map((before) =>
    Buffer.from("\0".repeat(before) + secret)
      .toString("base64")
      .slice(before === 0 ? 0 : 4)
      .replace(/.{0,3}=*$/, ""),
  );
  return [secret, ...encoded].filter((form) => form.length >= MIN_SECRET);
}

const WINDOW = 16;

/** Every second half of a window begins one: whatever is half as long again is found in one of them. */
function windows(run: string): string[] {
  const count = Math.floor((run.length - WINDOW) / (WINDOW / 2)) + 1;
  return Array.from({ length: count }, (_, index) => run.substr((index * WINDOW) / 2, WINDOW));
}

function has(part: string): (secret: string) => boolean {
  return (secret) => secret.includes(part);
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
