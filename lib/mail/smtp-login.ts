import type { SMTPConnectionCustomAuthContext } from "nodemailer/lib/smtp-connection";
import type { MailCredential } from "./credential";
import { probeFailure, ServerRefusal } from "./probe-failure";
import { requirePlainText, xoauth2InitialResponse } from "./xoauth2";

/** What nodemailer hands to a custom SASL mechanism: the mechanisms on offer and one way to send. */
export type SmtpSession = Pick<SMTPConnectionCustomAuthContext, "authMethods" | "sendCommand">;

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
  if (credential.kind === "xoauth2") return loginWithToken(session, credential);
  const { user, password } = credential;
  requirePlainText(user, password);
  if (!authMethods.includes("PLAIN")) return loginWithPrompts(session, credential);
  const response = base64(`\0${user}\0${password}`); // RFC 4616
  requireCode(await authenticate(session, "PLAIN", response), 235);
}

type Xoauth2 = Extract<MailCredential, { kind: "xoauth2" }>;
type Password = Extract<MailCredential, { kind: "password" }>;

async function loginWithToken(session: SmtpSession, credential: Xoauth2): Promise<void> {
  if (!session.authMethods.includes("XOAUTH2")) throw probeFailure("mail.no_xoauth2");
  const response = xoauth2InitialResponse(credential.user, credential.accessToken);
  const reply = await authenticate(session, "XOAUTH2", response);
  if (reply.code === 235) return;
  if (reply.code !== 334) throw new ServerRefusal(reply.text);
  // A 334 here is an error in JSON; an empty line fetches the verdict that follows it.
  const verdict = await say(session, "");
  throw new ServerRefusal(verdict.text);
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
  if (oneLine.length + "\r\n".length <= MAX_COMMAND_OCTETS) return say(session, oneLine);
  await expectReply(session, `AUTH ${mechanism}`, 334);
  return say(session, response);
}

async function loginWithPrompts(session: SmtpSession, credential: Password): Promise<void> {
  await expectReply(session, "AUTH LOGIN", 334);
  await expectReply(session, base64(credential.user), 334);
  await expectReply(session, base64(credential.password), 235);
}

/** Sends a command. @throws ServerRefusal where the reply has another code */
export async function expectReply(
  session: SmtpSession,
  command: string,
  code: number,
): Promise<void> {
  requireCode(await say(session, command), code);
}

/** `code` is NaN where the reply is none of SMTP's. */
type Reply = { code: number; text: string };

async function say(session: SmtpSession, command: string): Promise<Reply> {
  // nodemailer's own `status` is 0 for replies of several lines, so the reply is read here.
  const { response } = await session.sendCommand(command);
  return { code: Number(/^(\d{3})(?![^\s-])/.exec(response)?.[1]), text: response };
}

function requireCode({ code, text }: Reply, expected: number): void {
  if (code !== expected) throw new ServerRefusal(text);
}

function base64(value: string): string {
  return Buffer.from(value).toString("base64");
}
