import { type Client, converse, type Next } from "./client";
import { endsConnection, refusalText } from "./refusals";
import { type Credentials, readCredentials } from "./sasl";
import type { Serving } from "./sign-in";
import { splice } from "./splice";

/** RFC 2449 §4; SASL responses may be longer. */
const MAX_COMMAND = 255;
const MAX_RESPONSE = 8_192;

/** RFC 1939, RFC 2449, RFC 5034 */
export async function servePop3(client: Client, serving: Serving): Promise<void> {
  // A timestamp would make clients try APOP.
  client.send("+OK Postkey is ready.");
  const conversation = { user: null as string | null };
  await converse(client, {
    read: () => client.reader.line(MAX_RESPONSE),
    answer: (line) => answer(client, serving, { line, conversation }),
    tooMany: "-ERR Too many commands.",
    tooLong: "-ERR The line is too long.",
  });
}

type Said = { line: Buffer; conversation: { user: string | null } };

async function answer(client: Client, serving: Serving, { line, conversation }: Said) {
  const text = line.toString("utf8");
  const [name = "", ...words] = text.split(" ");
  const rest = text.slice(name.length + 1);
  switch (line.length > MAX_RESPONSE ? "" : name.toUpperCase()) {
    case "CAPA":
      for (const each of ["+OK", ...capabilities(client, serving), "."]) client.send(each);
      return "go on";
    case "QUIT":
      client.send("+OK See you.");
      return "end";
    case "STLS":
      return startTls(client, serving, rest);
    case "USER":
      if (!client.isPrivate) return refusePlaintext(client, serving);
      if (line.length > MAX_COMMAND) return wrong(client, "The line is too long.");
      conversation.user = rest;
      client.send("+OK");
      return "go on";
    case "PASS": {
      const { user } = conversation;
      if (user === null) return wrong(client, "USER comes first.");
      conversation.user = null;
      return logIn(client, serving, { user, password: rest });
    }
    case "AUTH":
      return authenticate(client, serving, words);
    default:
      return wrong(client, "This command is not allowed before the login.");
  }
}

function wrong(client: Client, text: string): Next {
  client.send(`-ERR ${text}`);
  return client.mayErrAgain() ? "go on" : "end";
}

function capabilities(client: Client, { canStartTls }: Serving): string[] {
  const common = ["TOP", "UIDL", "RESP-CODES", "AUTH-RESP-CODE", "PIPELINING"];
  const logins = client.isPrivate ? ["USER", "SASL PLAIN"] : [];
  return [...common, ...logins, ...(canStartTls(client) ? ["STLS"] : [])];
}

async function startTls(client: Client, serving: Serving, parameter: string): Promise<Next> {
  if (parameter !== "" || !serving.canStartTls(client))
    return wrong(client, "STLS is not possible here.");
  if (client.reader.hasMore) return "end";
  client.send("+OK Begin TLS now.");
  await serving.secure(client);
  return "go on";
}

function refusePlaintext(client: Client, serving: Serving): Next {
  serving.refusedPlaintext(client);
  client.send(refusalText("plaintext", "pop3"));
  return client.mayErrAgain() ? "go on" : "end";
}

async function authenticate(client: Client, serving: Serving, words: string[]): Promise<Next> {
  if (words.length === 0) {
    for (const each of ["+OK", ...(client.isPrivate ? ["PLAIN"] : []), "."]) client.send(each);
    return "go on";
  }
  if (!client.isPrivate) return refusePlaintext(client, serving);
  const ask = (prompt: string) => client.asksMore(`+ ${prompt}`, MAX_RESPONSE);
  const credentials = await readCredentials(words, ask);
  if (credentials === "unsupported") return wrong(client, "This mechanism is not supported.");
  return typeof credentials === "string"
    ? wrong(client, "Cancelled, or not valid base64.")
    : logIn(client, serving, credentials);
}

async function logIn(client: Client, serving: Serving, credentials: Credentials): Promise<Next> {
  const opened = await serving.signIn(client, credentials);
  if ("refusal" in opened) {
    client.send(refusalText(opened.refusal, "pop3", opened.details));
    return !endsConnection(opened.refusal) && client.mayFailAgain() ? "go on" : "end";
  }
  client.send("+OK Logged in.");
  await splice(client, opened.upstream, opened.session);
  return "end";
}
