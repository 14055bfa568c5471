import type { Protocol } from "@/lib/egress/protocols/schema";
import { foreignText } from "@/lib/kernel/text/foreign-text";
import { counted } from "@/lib/kernel/text/schema";
import { type MailCredential, secretsOf } from "./credential";
import type { TranscriptLine } from "./schema";
import { safeServerText, withoutCredentials } from "./text";

/** The middle of a long conversation decides nothing. */
const HEAD_LINES = 40;
const TAIL_LINES = 19;
const MAX_TEXT = 300;
/** Beyond it, lines are only counted. */
const MAX_READ_LINES = 1_000;
const MAX_UNFINISHED = 8 * 1024;

/** Without secrets: while signing in, a client's line shows its command's name only. */
export class Transcript {
  readonly #protocol: Protocol;
  readonly #startedAt = performance.now();
  readonly #head: HeardLine[] = [];
  readonly #tail: HeardLine[] = [];
  readonly #unfinished = { client: "", server: "" };
  #lines = 0;
  #replayed = 0;
  #credential: MailCredential | undefined;
  #secrets: readonly string[] = [];
  #isAuthenticating = false;

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
  }

  protect(credential: MailCredential, secrets = secretsOf(credential)): void {
    this.#credential = credential;
    this.#secrets = secrets;
  }

  set isAuthenticating(isAuthenticating: boolean) {
    this.#isAuthenticating = isAuthenticating;
  }

  sent(chunk: unknown): void {
    if (typeof chunk === "string" || chunk instanceof Uint8Array) this.#hear("client", chunk);
  }

  received(chunk: Uint8Array): void {
    const repeated = Math.min(this.#replayed, chunk.length);
    this.#replayed -= repeated;
    this.#hear("server", chunk.subarray(repeated));
  }

  receivedLine(line: string): void {
    this.#keep("server", line);
  }

  /** Put back, so they come again. */
  skip(bytes: number): void {
    this.#replayed += bytes;
  }

  note(text: string): void {
    this.#add("postkey", { text: safeServerText(text, this.#secrets), isSafe: true });
  }

  /** Cleaned here, because one line costs nearly as much as all. */
  lines(): TranscriptLine[] {
    const omitted = this.#lines - this.#head.length - this.#tail.length;
    const [next] = this.#tail;
    if (omitted === 0 || !next) return this.#safe([...this.#head, ...this.#tail]);
    const text = `${counted(omitted, "line")} left out`;
    const left: HeardLine = { by: "postkey", ms: next.ms, text, isSafe: true };
    return this.#safe([...this.#head, left, ...this.#tail]);
  }

  #safe(lines: readonly HeardLine[]): TranscriptLine[] {
    const cleaned = {
      client: this.#cleaned("client", lines),
      server: this.#cleaned("server", lines),
    };
    return lines.map(({ by, ms, text, isSafe }) => {
      const clean = isSafe || by === "postkey" ? text : (cleaned[by].next().value ?? "");
      return { by, ms, text: foreignText(clean, { maxLength: MAX_TEXT }) };
    });
  }

  /** Together: a secret may be repeated in pieces. */
  #cleaned(by: Speaker, lines: readonly HeardLine[]) {
    const said = lines.filter((line) => line.by === by && !line.isSafe).map(({ text }) => text);
    return withoutCredentials(said.join("\n"), this.#secrets).split("\n").values();
  }

  #hear(by: Speaker, chunk: string | Uint8Array): void {
    const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
    const lines = (this.#unfinished[by] + text).split(/\r?\n/);
    this.#unfinished[by] = (lines.pop() ?? "").slice(0, MAX_UNFINISHED);
    for (const line of lines) this.#keep(by, line);
  }

  #keep(by: Speaker, line: string): void {
    if (this.#lines >= MAX_READ_LINES) this.#lines += 1;
    else this.#add(by, by === "client" ? this.#ofClient(line) : this.#heard(opened(line)));
  }

  #add(by: HeardLine["by"], { text, isSafe }: Heard): void {
    this.#lines += 1;
    const heard = { by, ms: Math.round(performance.now() - this.#startedAt), text, isSafe };
    if (this.#head.length < HEAD_LINES) this.#head.push(heard);
    else this.#tail.push(heard);
    if (this.#tail.length > TAIL_LINES) this.#tail.shift();
  }

  #ofClient(line: string): Heard {
    if (line === "") return { text: "‹an empty line›", isSafe: true };
    if (!this.#isAuthenticating) return this.#heard(line);
    return { text: signInLine(line, this.#protocol, this.#credential), isSafe: true };
  }

  /** Cut lines are cleaned first: a truncated secret is not found. */
  #heard(line: string): Heard {
    if (line.length <= MAX_TEXT) return { text: line, isSafe: false };
    const text = withoutCredentials(line, this.#secrets);
    return { text: foreignText(text, { maxLength: MAX_TEXT }), isSafe: false };
  }
}

type Speaker = "client" | "server";
type Heard = { text: string; isSafe: boolean };
/** Safe lines were built here; others may hold secrets. */
type HeardLine = Heard & { by: TranscriptLine["by"]; ms: number };

/** JSON in a challenge is decoded (RFC 7628 §3.2.2). */
function opened(line: string): string {
  const [, status, encoded = ""] = /^(334|\+) (eyJ[\w+/]{8,1000}={0,2})$/.exec(line) ?? [];
  if (status === undefined) return line;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  return `${status} ‹${text.replaceAll("\n", " ")}›`; // it stays one line
}

export function signInLine(
  line: string,
  protocol: Protocol,
  credential: MailCredential | undefined,
): string {
  const known = COMMANDS[protocol].find(({ begins }) => begins.test(line));
  if (!known) return secretName(credential);
  if (known.isAll.test(line)) return known.name;
  return `${known.name} ${known.name === "USER" ? "‹user name›" : secretName(credential)}`;
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

/** The only words of a signing-in client that are shown. */
const COMMANDS: Readonly<Record<Protocol, readonly Command[]>> = {
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
