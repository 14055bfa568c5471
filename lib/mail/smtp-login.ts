import type { MailCredential } from "./credential";
import { probeFailure, ServerRefusal } from "./probe-failure";
import { requirePlainText, xoauth2InitialResponse } from "./xoauth2";

/** One reply of one or more lines (RFC 5321 §4.2.1); `code` is NaN where it is none of SMTP's. */
export type Reply = { code: number; text: string };

/** A conversation with a server that has greeted. */
export type SmtpSession = {
  /** SASL mechanisms on offer, in capitals. */
  authMethods: readonly string[];
  say(command: string): Promise<Reply>;
};

export function replyOf(text: string): Reply {
  return { code: Number(/^(\d{3})(?![^\s-])/.exec(text)?.[1]), text };
}

/** @param line reads the next line @throws what that throws */
export async function readReply(line: () => Promise<string>): Promise<Reply> {
  const lines: string[] = [];
  do lines.push(await line());
  while (/^\d{3}-/.test(lines.at(-1) ?? ""));
  return replyOf(lines.join("\r\n"));
}

/** EHLO, and what a server offers: its extensions and its SASL mechanisms. @throws ServerRefusal */
export async function sayHello(
  say: SmtpSession["say"],
): Promise<{ offers: ReadonlySet<string>; authMethods: string[] }> {
  // An address literal (RFC 5321 §4.1.3): it tells no host name.
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

/** RFC 5321 §4.5.3.1.4: the longest command that every server takes, in octets with CRLF. */
const MAX_COMMAND_OCTETS = 512;

/**
 * Signs in by AUTH (RFC 4954), with the strongest mechanism that both sides have.
 *
 * @throws ServerRefusal what the server said no with
 * @throws ProbeFailure `smtp.auth_not_offered`, `mail.no_xoauth2`, `mail.invalid_credential`
 */
export async function smtpLogin(session: SmtpSession, credential: MailCredential): Promise<void> {
  const { authMethods } = session;
  if (authMethods.length === 0) throw probeFailure("smtp.auth_not_offered");
  const { user } = credential;
  if (credential.kind === "xoauth2") {
    if (!authMethods.includes("XOAUTH2")) throw probeFailure("mail.no_xoauth2");
    const response = xoauth2InitialResponse(user, credential.accessToken);
    const reply = await authenticate(session, "XOAUTH2", response);
    // A 334 here is an error in JSON; an empty line fetches the verdict that follows it.
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

/**
 * In one step where the line is short enough. RFC 4954 §4 lets an initial response make the line
 * longer than 512 octets only where the server takes that; Gmail (555 5.5.2) and Dovecot (500 5.5.2)
 * do not. In two steps the response is no command, and may be as long as the mechanism needs.
 */
async function authenticate(
  session: SmtpSession,
  mechanism: string,
  response: string,
): Promise<Reply> {
  const oneLine = `AUTH ${mechanism} ${response}`;
  if (oneLine.length + "\r\n".length <= MAX_COMMAND_OCTETS) return session.say(oneLine);
  await expectReply(session, `AUTH ${mechanism}`, 334);
  return session.say(response);
}

/** Sends a command. @throws ServerRefusal where the reply has another code */
export async function expectReply(
  session: SmtpSession,
  command: string,
  code: number,
): Promise<void> {
  requireCode(await session.say(command), code);
}

function requireCode({ code, text }: Reply, expected: number): void {
  if (code !== expected) throw new ServerRefusal(text);
}

function base64(value: string): string {
  return Buffer.from(value).toString("base64");
}
