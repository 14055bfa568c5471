import { LineTooLong } from "@/lib/mail/byte-reader";
import { type Client, converse, type Next } from "./client";
import { endsConnection, refusalText } from "./refusals";
import { type Credentials, type NoCredentials, readCredentials } from "./sasl";
import type { Serving } from "./sign-in";
import { splice } from "./splice";

/** Some clients look only before login, hence IDLE. */
const CAPABILITIES = "IMAP4rev1 SASL-IR LITERAL+ ID IDLE";
const MAX_LINE = 8_192;

/** RFC 3501, RFC 9051 */
export async function serveImap(client: Client, serving: Serving): Promise<void> {
  client.send(`* OK [CAPABILITY ${offered(client, serving)}] Postkey is ready.`);
  await converse(client, {
    read: () => readImapCommand(client),
    answer: (command) => answer(client, serving, command),
    tooMany: "* BYE Too many commands.",
    tooLong: "* BYE A line or literal is too long.",
  });
}

async function answer(client: Client, serving: Serving, command: ImapCommand): Promise<Next> {
  const { tag, name } = command;
  const reply = (text: string): Next => {
    client.send(`${tag} ${text}`);
    return "go on";
  };
  switch (name) {
    case "CAPABILITY":
      client.send(`* CAPABILITY ${offered(client, serving)}`);
      return reply("OK CAPABILITY completed.");
    case "NOOP":
      return reply("OK NOOP completed.");
    case "ID":
      client.introduce(idText(command.words));
      client.send(`* ID ("name" "Postkey")`);
      return reply("OK ID completed.");
    case "LOGOUT":
      client.send("* BYE See you.");
      reply("OK LOGOUT completed.");
      return "end";
    case "STARTTLS":
      return startTls(client, serving, command);
    case "LOGIN":
    case "AUTHENTICATE":
      return logIn(client, serving, command);
    default:
      reply("BAD This command is not allowed before the login.");
      return client.mayErrAgain() ? "go on" : "end";
  }
}

function offered(client: Client, { canStartTls }: Serving): string {
  const tls = canStartTls(client) ? " STARTTLS" : "";
  return `${CAPABILITIES}${tls}${client.isPrivate ? " AUTH=PLAIN" : " LOGINDISABLED"}`;
}

async function startTls(client: Client, serving: Serving, command: ImapCommand): Promise<Next> {
  const { tag, words } = command;
  if (words.length > 0 || !serving.canStartTls(client)) {
    client.send(`${tag} BAD STARTTLS is not possible here.`);
    return client.mayErrAgain() ? "go on" : "end";
  }
  // Data behind the command was injected: drop the connection.
  if (client.reader.hasMore) return "end";
  client.send(`${tag} OK Begin TLS now.`);
  await serving.secure(client);
  return "go on";
}

async function logIn(client: Client, serving: Serving, command: ImapCommand): Promise<Next> {
  const { tag, name } = command;
  if (!client.isPrivate) {
    serving.refusedPlaintext(client);
    client.send(`${tag} ${refusalText("plaintext", "imap")}`);
    return client.mayErrAgain() ? "go on" : "end";
  }
  const ask = (prompt: string) => client.asksMore(`+ ${prompt}`, MAX_LINE);
  const credentials =
    name === "LOGIN" ? ofLogin(command) : await readCredentials(command.words, ask);
  if (typeof credentials === "string") {
    client.send(`${tag} ${SAID[credentials]}`);
    return client.mayErrAgain() ? "go on" : "end";
  }
  const opened = await serving.signIn(client, credentials);
  if ("refusal" in opened) {
    client.send(`${tag} ${refusalText(opened.refusal, "imap", opened.details)}`);
    if (!endsConnection(opened.refusal) && client.mayFailAgain()) return "go on";
    client.send("* BYE Too many attempts.");
    return "end";
  }
  const { upstream, session } = opened;
  welcome(client, command, upstream.replies);
  await splice(client, upstream, session);
  return "end";
}

/** Many clients read capabilities only here: without UIDPLUS they expunge too much. */
function welcome(client: Client, { tag }: ImapCommand, replies: readonly string[]): void {
  const verdict = (replies.at(-1) ?? "").replace(/^\S+ /, "");
  const untagged = replies.slice(0, -1).filter((line) => !/^\* (?:BYE|ID)\b/i.test(line));
  const list = untagged.findLast((line) => CAPABILITY.test(line));
  for (const line of untagged) if (!CAPABILITY.test(line)) client.send(line);
  const isTold = list === undefined || /\[CAPABILITY /i.test(verdict);
  client.send(`${tag} ${isTold ? verdict : verdict.replace(/^OK/i, `OK [${list.slice(2)}]`)}`);
}

const CAPABILITY = /^\* CAPABILITY /i;

function ofLogin({ words }: ImapCommand): Credentials | "two_words" {
  const [user, password, ...more] = words;
  const isWhole = user !== undefined && password !== undefined && more.length === 0;
  return isWhole ? { user, password } : "two_words";
}

const SAID: Readonly<Record<NoCredentials | "two_words", string>> = {
  two_words: "BAD LOGIN takes a user name and a password.",
  unsupported: "NO This mechanism is not supported.",
  cancelled: "BAD Cancelled.",
  no_base64: "BAD This is not valid base64.",
};

function idText(words: readonly string[]): string {
  const flat = words.map((word) => word.replace(/^\(|\)$/g, ""));
  const value = (key: string) => flat[flat.findIndex((word) => word.toLowerCase() === key) + 1];
  return flat.length < 2 ? "" : [value("name"), value("version")].filter(Boolean).join(" ");
}

const MAX_TAG = 64;
const MAX_LITERAL = 1_024;
const MAX_LITERALS = 3;

type ImapCommand = { tag: string; name: string; words: string[] };

/** RFC 9051 §4.3, RFC 7888; empty name if invalid, null at the end. @throws LineTooLong */
async function readImapCommand(client: Client): Promise<ImapCommand | null> {
  const parts = await readParts(client);
  if (!parts) return null;
  const [tag = "", name = "", ...words] = wordsOf(parts);
  const isTag = tag.length <= MAX_TAG && /^[^\s+*(){}%"\\\p{Cc}]+$/u.test(tag);
  if (!isTag || !/^[A-Za-z]{1,30}$/.test(name))
    return { tag: isTag ? tag : "*", name: "", words: [] };
  return { tag, name: name.toUpperCase(), words };
}

type Part = { text: string } | { literal: string };

async function readParts(client: Client): Promise<Part[] | null> {
  const parts: Part[] = [];
  for (let literals = 0; literals <= MAX_LITERALS; literals += 1) {
    const line = await client.reader.line(MAX_LINE);
    if (!line) return null;
    const text = line.toString("utf8");
    const length = LITERAL.exec(text)?.[1];
    if (length === undefined) return [...parts, { text }];
    const literal = await readLiteral(client, { length: Number(length), text });
    if (!literal) return null;
    parts.push({ text: text.replace(LITERAL, "") }, literal);
  }
  throw new LineTooLong();
}

const LITERAL = /\{(\d{1,10})(\+?)\}$/;

async function readLiteral(client: Client, { length, text }: { length: number; text: string }) {
  if (length > MAX_LITERAL) throw new LineTooLong();
  if (!text.endsWith("+}")) client.send("+ Go on.");
  const literal = await client.reader.exactly(length);
  return literal && { literal: literal.toString("utf8") };
}

function wordsOf(parts: readonly Part[]): string[] {
  return parts.flatMap((part) =>
    "literal" in part
      ? [part.literal]
      : [...part.text.matchAll(/"((?:[^"\\]|\\["\\])*)"|[^\s"]+/g)].map(
          ([word, quoted]) => quoted?.replace(/\\(["\\])/g, "$1") ?? word,
        ),
  );
}
