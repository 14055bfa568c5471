import { type Client, converse, type Next } from "./client";
import { endsConnection, refusalText } from "./refusals";
import { type Credentials, type NoCredentials, readCredentials } from "./sasl";
import type { Serving } from "./sign-in";
import { relay } from "./smtp-relay";

/** RFC 4954 §4: an AUTH line */
const MAX_LINE = 12_288;

/** RFC 6409, RFC 4954 */
export async function serveSmtp(client: Client, serving: Serving): Promise<void> {
  client.send("220 Postkey ESMTP");
  await converse(client, {
    read: () => client.reader.line(MAX_LINE),
    answer: (line) => answer(client, serving, line.toString("utf8")),
    tooMany: "421 4.7.0 Too many commands.",
    tooLong: "500 5.5.2 The line is too long.",
  });
}

const FIXED: Readonly<Record<string, string>> = {
  NOOP: "250 2.0.0 OK",
  RSET: "250 2.0.0 OK",
  HELP: "214 2.0.0 Log in by AUTH, then send.",
  VRFY: "252 2.1.5 Send some mail, it will be tried.",
  EXPN: "502 5.5.1 Not implemented.",
  ETRN: "502 5.5.1 Not implemented.",
  BDAT: "502 5.5.1 Not implemented.",
  MAIL: "530 5.7.0 Log in first.",
  RCPT: "530 5.7.0 Log in first.",
  DATA: "530 5.7.0 Log in first.",
};

async function answer(client: Client, serving: Serving, text: string): Promise<Next> {
  const [name = "", ...words] = text.trim().split(/\s+/);
  const verb = name.toUpperCase();
  const fixed = Object.hasOwn(FIXED, verb) ? FIXED[verb] : undefined;
  if (fixed !== undefined) {
    client.send(fixed);
    return "go on";
  }
  switch (verb) {
    case "EHLO":
      client.introduce(words.join(" "));
      client.send(ehloReply(client, serving));
      return "go on";
    case "HELO":
      client.introduce(words.join(" "));
      client.send("250 Postkey");
      return "go on";
    case "STARTTLS":
      return startTls(client, serving, words);
    case "AUTH":
      return authenticate(client, serving, words);
    case "QUIT":
      client.send("221 2.0.0 See you.");
      return "end";
    default:
      return wrong(client, "500 5.5.2 This is no command.");
  }
}

function wrong(client: Client, reply: string): Next {
  client.send(reply);
  if (client.mayErrAgain()) return "go on";
  client.send("421 4.7.0 Too many errors.");
  return "end";
}

function ehloReply(client: Client, { canStartTls }: Serving): string {
  const lines = [
    "Postkey",
    "SIZE",
    "PIPELINING",
    "8BITMIME",
    "ENHANCEDSTATUSCODES",
    ...(canStartTls(client) ? ["STARTTLS"] : []),
    ...(client.isPrivate ? ["AUTH PLAIN LOGIN"] : []),
  ];
  return lines.map((line, at) => `250${at < lines.length - 1 ? "-" : " "}${line}`).join("\r\n");
}

async function startTls(client: Client, serving: Serving, words: string[]): Promise<Next> {
  if (words.length > 0) return wrong(client, "501 5.5.4 STARTTLS takes no parameter.");
  if (client.tlsVersion !== null) return wrong(client, "503 5.5.1 TLS is active already.");
  // RFC 3207 §4: no certificate now, for example while locked.
  if (!serving.canStartTls(client)) return wrong(client, "454 4.7.0 TLS is not available now.");
  if (client.reader.hasMore) return "end";
  client.send("220 2.0.0 Begin TLS now.");
  await serving.secure(client);
  return "go on";
}

async function authenticate(client: Client, serving: Serving, words: string[]): Promise<Next> {
  if (!client.isPrivate) {
    serving.refusedPlaintext(client);
    return wrong(client, refusalText("plaintext", "smtp"));
  }
  const ask = (prompt: string) => client.asksMore(`334 ${prompt}`, MAX_LINE);
  const credentials = await readCredentials(words, ask);
  if (typeof credentials === "string") return wrong(client, SAID[credentials]);
  return logIn(client, serving, credentials);
}

const SAID: Readonly<Record<NoCredentials, string>> = {
  unsupported: "504 5.5.4 This mechanism is not supported.",
  cancelled: "501 5.7.0 Cancelled.",
  no_base64: "501 5.5.2 This is not valid base64.",
};

async function logIn(client: Client, serving: Serving, credentials: Credentials): Promise<Next> {
  const opened = await serving.signIn(client, credentials);
  if ("refusal" in opened) {
    client.send(refusalText(opened.refusal, "smtp", opened.details));
    if (endsConnection(opened.refusal)) return "end";
    if (client.mayFailAgain()) return "go on";
    client.send("421 4.7.0 Too many attempts.");
    return "end";
  }
  // The server's own words may name the mailbox.
  client.send("235 2.7.0 Logged in.");
  await relay(client, opened);
  return "end";
}
