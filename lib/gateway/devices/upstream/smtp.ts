import type { MailCredential } from "@/lib/mail/credential";
import { probeFailure, ServerRefusal } from "@/lib/mail/probe-failure";
import { requirePlainText, xoauth2InitialResponse } from "@/lib/mail/xoauth2";
import { type Dialect, MAX_REPLIES, type Talk } from "./talk";

/** RFC 5321 §4.5.3.1.4: the longest command that every server takes, with CRLF. */
const MAX_COMMAND = 512;

/** SMTP to the account's server (RFC 6409): AUTH XOAUTH2 with a token, PLAIN or LOGIN with a password. */
export const smtp: Dialect = {
  async greet(talk) {
    await expect(talk, 220);
  },

  async startTls(talk) {
    await say(talk, "EHLO [127.0.0.1]", 250);
    talk.send("STARTTLS");
    const { code } = await readReply(talk);
    if (code !== 220) throw probeFailure("tls.starttls_missing");
  },

  async logIn(talk, credential) {
    const lines = await say(talk, "EHLO [127.0.0.1]", 250);
    const extensions = lines.slice(1).map((line) => line.slice(4).toUpperCase());
    const offers = new Set(extensions.map((line) => line.split(/[ =]/)[0] ?? ""));
    const mechanisms = extensions
      .filter((line) => /^AUTH[ =]/.test(line))
      .flatMap((line) => line.slice(5).split(/\s+/));
    if (mechanisms.length === 0) throw probeFailure("smtp.auth_not_offered");
    const replies = await authenticate(talk, mechanisms, credential);
    return { replies, offers };
  },
};

async function authenticate(
  talk: Talk,
  mechanisms: readonly string[],
  credential: MailCredential,
): Promise<string[]> {
  if (credential.kind === "xoauth2") {
    if (!mechanisms.includes("XOAUTH2")) throw probeFailure("mail.no_xoauth2");
    const response = xoauth2InitialResponse(credential.user, credential.accessToken);
    await respond(talk, "XOAUTH2", response);
    return verdict(talk);
  }
  const { user, password } = credential;
  requirePlainText(user, password);
  if (mechanisms.includes("PLAIN")) {
    await respond(talk, "PLAIN", base64(`\0${user}\0${password}`));
    return verdict(talk);
  }
  await say(talk, "AUTH LOGIN", 334);
  await say(talk, base64(user), 334);
  return say(talk, base64(password), 235);
}

/** In two steps where one line would be longer than every server takes (RFC 4954 §4). */
async function respond(talk: Talk, mechanism: string, response: string): Promise<void> {
  const oneLine = `AUTH ${mechanism} ${response}`;
  if (oneLine.length + "\r\n".length <= MAX_COMMAND) return talk.send(oneLine);
  await say(talk, `AUTH ${mechanism}`, 334);
  talk.send(response);
}

async function verdict(talk: Talk): Promise<string[]> {
  const reply = await readReply(talk);
  // A 334 here is an error in JSON; an empty line fetches the verdict that follows it.
  if (reply.code === 334) return say(talk, "", 235);
  if (reply.code !== 235) throw new ServerRefusal(reply.lines.join("\r\n"));
  return reply.lines;
}

async function say(talk: Talk, line: string, code: number): Promise<string[]> {
  talk.send(line);
  return expect(talk, code);
}

async function expect(talk: Talk, wanted: number): Promise<string[]> {
  const { code, lines } = await readReply(talk);
  if (code !== wanted) throw new ServerRefusal(lines.join("\r\n"));
  return lines;
}

async function readReply(talk: Talk): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  while (lines.length < MAX_REPLIES) {
    const line = await talk.line();
    lines.push(line);
    if (!/^\d{3}-/.test(line)) return { code: Number(line.slice(0, 3)), lines };
  }
  throw probeFailure("mail.flood");
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
