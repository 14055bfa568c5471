import type { MailCredential } from "./credential";
import { probeFailure, ServerRefusal } from "./probe-failure";
import { requirePlainText, xoauth2InitialResponse } from "./xoauth2";

/** RFC 5321 §4.2.1; NaN if no SMTP. */
export type Reply = { code: number; text: string };

export type SmtpSession = {
  /** In capitals. */
  authMethods: readonly string[];
  say(command: string): Promise<Reply>;
};

export function replyOf(text: string): Reply {
  return { code: Number(/^(\d{3})(?![^\s-])/.exec(text)?.[1]), text };
}

/** @throws what `line` throws */
export async function readReply(line: () => Promise<string>): Promise<Reply> {
  const lines: string[] = [];
  do lines.push(await line());
  while (/^\d{3}-/.test(lines.at(-1) ?? ""));
  return replyOf(lines.join("\r\n"));
}

/** @throws ServerRefusal */
export async function sayHello(say: SmtpSession["say"]) {
  // An address literal (RFC 5321 §4.1.3) reveals no host name.
  const { code, text } = await say("EHLO [127.0.0.1]");
  if (code !== 250) throw new ServerRefusal(text);
  const [, ...lines] = text.toUpperCase().split(/\r?\n/);
  const extensions = lines.map((line) =>
    line
      .slice(4)
      .split(/[\s=]+/)
      .filter(Boolean),
  );
  const offers = new Set(extensions.map(([name = ""]) => name));
  const authMethods = extensions.flatMap(([name, ...words]) => (name === "AUTH" ? words : []));
  return { offers, authMethods: [...new Set(authMethods)] };
}

/** RFC 4954 §6: 535. Null without another name to try. */
export function withOtherName(error: unknown, credential: MailCredential) {
  const isOfName = error instanceof ServerRefusal && error.reply.startsWith("535");
  if (!isOfName || credential.kind !== "xoauth2" || credential.otherUser === undefined) return null;
  const { otherUser: user, ...other } = credential;
  return { ...other, user };
}

/** RFC 5321 §4.5.3.1.4: octets with CRLF */
const MAX_COMMAND_OCTETS = 512;

/** The strongest common mechanism (RFC 4954). @throws ServerRefusal, ProbeFailure */
export async function smtpLogin(session: SmtpSession, credential: MailCredential): Promise<void> {
  const { authMethods } = session;
  if (authMethods.length === 0) throw probeFailure("smtp.auth_not_offered");
  const { user } = credential;
  if (credential.kind === "xoauth2") {
    if (!authMethods.includes("XOAUTH2")) throw probeFailure("mail.no_xoauth2");
    const response = xoauth2InitialResponse(user, credential.accessToken);
    const reply = await authenticate(session, "XOAUTH2", response);
    // A JSON error; an empty line fetches the verdict.
    if (reply.code === 334) throw new ServerRefusal((await session.say("")).text);
    return requireCode(reply, 235);
  }
  requirePlainText(user, credential.password);
  if (authMethods.includes("PLAIN")) {
    const response = base64(`\0${user}\0${credential.password}`); // RFC 4616
    return requireCode(await authenticate(session, "PLAIN", response), 235);
  }
  await expectReply(session, "AUTH LOGIN", 334);
  await expectReply(session, base64(user), 334);
  await expectReply(session, base64(credential.password), 235);
}

/** Gmail (555 5.5.2) and Dovecot (500 5.5.2) refuse longer lines (RFC 4954 §4). */
async function authenticate(session: SmtpSession, mechanism: string, response: string) {
  const oneLine = `AUTH ${mechanism} ${response}`;
  if (oneLine.length + "\r\n".length <= MAX_COMMAND_OCTETS) return session.say(oneLine);
  await expectReply(session, `AUTH ${mechanism}`, 334);
  return session.say(response);
}

/** @throws ServerRefusal */
export async function expectReply(session: SmtpSession, command: string, code: number) {
  requireCode(await session.say(command), code);
}

function requireCode({ code, text }: Reply, expected: number): void {
  if (code !== expected) throw new ServerRefusal(text);
}

function base64(value: string): string {
  return Buffer.from(value).toString("base64");
}
