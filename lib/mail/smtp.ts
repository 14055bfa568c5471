import SMTPConnection, {
  type SMTPConnectionCustomAuthContext,
} from "nodemailer/lib/smtp-connection";
import { type Channel, type Dialect, notThisProtocol, openChannel } from "./channel";
import type { MailCredential } from "./credential";
import type { LineReader } from "./line-reader";
import { type ProbeInput, type ProbeRun, runProbe } from "./probe";
import { type ProbeFailure, probeFailure, ServerRefusal } from "./probe-failure";
import type { ProtocolReport } from "./report";
import { requirePlainText, xoauth2InitialResponse } from "./xoauth2";

/**
 * Proves that a mailbox can submit mail (RFC 6409): authenticates (RFC 4954) and, when
 * `input.sender` is given, has the sender accepted by MAIL FROM and takes it back with RSET.
 * Nothing is sent.
 *
 * Never rejects; ends within `input.deadlineMs` milliseconds.
 */
export function probeSmtp(input: ProbeInput): Promise<ProtocolReport> {
  return runProbe("smtp", input, async (run) => {
    const channel = await openChannel(run, smtpDialect);
    const refused = await converse(channel, (session) => authenticateAndOffer(run, session));
    channel.socket.write("QUIT\r\n"); // the answer is not waited for
    if (!refused) return;
    channel.socket.destroySoon();
    await tryOtherName(run, refused);
  });
}

/** A name that was refused, and the credential with the other one. */
type Refused = { refusal: ServerRefusal; other: Xoauth2 };
type Xoauth2 = Extract<MailCredential, { kind: "xoauth2" }>;

/** On a new connection: servers count failures, and many close after one. */
async function tryOtherName(run: ProbeRun, { refusal, other }: Refused): Promise<void> {
  run.transcript.note(`A second connection, to sign in as ${other.user}`);
  let isSignedIn = false;
  const channel = await openChannel(run.quietly(), smtpDialect).catch(() => null);
  if (!channel) throw refusal;
  await converse(channel, async (session) => {
    run.transcript.isAuthenticating = true;
    await authenticate(session, other);
    isSignedIn = true;
    run.signsInAs(other.user);
    run.note(`as ${other.user}`);
    run.done();
    await offerSender(run, session);
    // What the first name was told says more than what the second one is.
  }).catch((error: unknown) => {
    throw isSignedIn ? error : refusal;
  });
  channel.socket.write("QUIT\r\n");
}

const MAX_RESPONSE_BYTES = 64 * 1024;
/** RFC 4954 §4.5.3: the longest AUTH command a server has to take, in octets with CRLF. */
const MAX_AUTH_COMMAND_BYTES = 12_288;

/** What nodemailer hands to a custom SASL mechanism: the capabilities and one way to send. */
type Session = Pick<SMTPConnectionCustomAuthContext, "authMethods" | "sendCommand">;

async function authenticateAndOffer(run: ProbeRun, session: Session): Promise<Refused | undefined> {
  run.note(session.authMethods.join(" "));
  run.done();

  const credential = await run.credential();

  run.enter("authenticate");
  const refused = await authenticate(session, credential).then(
    () => undefined,
    (error: unknown) => withOtherName(error, credential),
  );
  if (refused) return refused;
  run.done();
  await offerSender(run, session);
  return undefined;
}

/** RFC 4954 §6: 535 is what is said of a name and its credential. @throws any other error */
function withOtherName(error: unknown, credential: MailCredential): Refused {
  const isOfName = error instanceof ServerRefusal && error.reply.startsWith("535");
  if (!isOfName || credential.kind === "password" || credential.otherUser === undefined)
    throw error;
  const { otherUser: user, accessToken } = credential;
  return { refusal: error, other: { kind: "xoauth2", user, accessToken } };
}

async function offerSender(run: ProbeRun, session: Session): Promise<void> {
  const { sender } = run.input;
  if (sender === undefined) return run.skip("sender");
  run.enter("sender");
  requireAddress(sender);
  await expectReply(session, `MAIL FROM:<${sender}>`, 250);
  await expectReply(session, "RSET", 250);
  run.note(sender);
  run.done();
}

async function authenticate(session: Session, credential: MailCredential): Promise<void> {
  const { authMethods } = session;
  if (authMethods.length === 0) throw probeFailure("smtp.auth_not_offered");
  if (credential.kind === "xoauth2") return authenticateXoauth2(session, credential);
  const { user, password } = credential;
  requirePlainText(user, password);
  if (!authMethods.includes("PLAIN")) return authenticateLogin(session, credential);
  const response = base64(`\0${user}\0${password}`); // RFC 4616
  await expectReply(session, `AUTH PLAIN ${response}`, 235);
}

async function authenticateXoauth2(session: Session, credential: Xoauth2): Promise<void> {
  if (!session.authMethods.includes("XOAUTH2")) throw probeFailure("mail.no_xoauth2");
  const response = xoauth2InitialResponse(credential.user, credential.accessToken);
  const oneLine = `AUTH XOAUTH2 ${response}`;
  if (oneLine.length + 2 > MAX_AUTH_COMMAND_BYTES) {
    await expectReply(session, "AUTH XOAUTH2", 334);
    return finishXoauth2(session, await send(session, response));
  }
  await finishXoauth2(session, await send(session, oneLine));
}

/** A 334 here is an error in JSON; an empty line fetches the verdict that follows it. */
async function finishXoauth2(session: Session, reply: Reply): Promise<void> {
  if (reply.code === 235) return;
  if (reply.code !== 334) throw refusal(reply);
  throw refusal(await send(session, ""));
}

async function authenticateLogin(
  session: Session,
  credential: Extract<MailCredential, { kind: "password" }>,
): Promise<void> {
  await expectReply(session, "AUTH LOGIN", 334);
  await expectReply(session, base64(credential.user), 334);
  await expectReply(session, base64(credential.password), 235);
}

type Reply = { code: number; text: string };

async function send(session: Session, command: string): Promise<Reply> {
  // nodemailer's own `status` is 0 for replies of several lines, so the reply is read here.
  const { response } = await session.sendCommand(command);
  return { code: Number(response.slice(0, 3)), text: response };
}

async function expectReply(session: Session, command: string, code: number): Promise<void> {
  const reply = await send(session, command);
  if (reply.code !== code) throw refusal(reply);
}

function refusal({ text }: Reply): ServerRefusal {
  return new ServerRefusal(text);
}

/**
 * Runs a conversation on a connection that is open, secured and greeted. It happens inside a
 * custom SASL mechanism, which is nodemailer's public way to send commands of one's own. The
 * mechanism has a name of its own because nodemailer replaces XOAUTH2 by the first mechanism on
 * offer when it was given no token generator.
 */
function converse<T>(channel: Channel, talk: (session: Session) => Promise<T>): Promise<T> {
  const { socket } = channel;
  return new Promise((resolve, reject) => {
    const connection = new SMTPConnection({
      connection: socket,
      secure: true,
      secured: true,
      name: clientName(socket.localAddress),
      maxResponseSize: MAX_RESPONSE_BYTES,
      logger: false,
      customAuth: { probe: (session) => talk(session).then(resolve, reject) },
    });
    connection.once("error", reject);
    connection.on("error", () => {}); // the first one has decided
    // After a 421 nodemailer ends in the same turn in which it delivers the reply, which says more.
    connection.once("end", () => setImmediate(reject, connectionLost()));
    channel.replayGreeting();
    connection.connect((error) => {
      if (error) return reject(error);
      connection.login({ method: "probe", user: "", pass: "" }, (failed) => {
        if (failed) reject(failed);
      });
    });
  });
}

function connectionLost(): ProbeFailure {
  return probeFailure("mail.connection_lost");
}

/** An address literal (RFC 5321 §4.1.3): true everywhere, and it tells no host name. */
function clientName(address: string | undefined): string {
  if (address === undefined) return "[127.0.0.1]";
  return address.includes(":") ? `[IPv6:${address}]` : `[${address}]`;
}

function requireAddress(sender: string): void {
  requirePlainText(sender);
  if (/[<>\s]/.test(sender)) throw probeFailure("mail.invalid_credential");
}

function base64(value: string): string {
  return Buffer.from(value).toString("base64");
}

const smtpDialect: Dialect = {
  maxLineBytes: 2048,

  async greet(reader) {
    const reply = await readReply(reader);
    if (reply.code === 220) return reply.text;
    if (Number.isNaN(reply.code)) throw notThisProtocol(reply.text);
    throw refusal(reply);
  },

  async requestTls({ reader, send: write }) {
    write("EHLO [127.0.0.1]");
    const offered = await readReply(reader);
    if (offered.code !== 250) throw refusal(offered);
    if (!/^250[ -]STARTTLS\b/im.test(offered.text)) throw probeFailure("tls.starttls_missing");
    write("STARTTLS");
    const reply = await readReply(reader);
    if (reply.code !== 220) throw refusal(reply);
  },
};

/** One reply of one or more lines (RFC 5321 §4.2.1); `code` is NaN if it is none. */
async function readReply(reader: LineReader): Promise<Reply> {
  const lines: string[] = [];
  for (;;) {
    const line = await reader.line();
    lines.push(line);
    if (/^\d{3}-/.test(line)) continue;
    const code = /^\d{3}(?: |$)/.test(line) ? Number(line.slice(0, 3)) : Number.NaN;
    return { code, text: lines.join("\r\n") };
  }
}
