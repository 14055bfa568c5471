import SMTPConnection from "nodemailer/lib/smtp-connection";
import { type Channel, type Dialect, openChannel } from "./channel";
import type { MailCredential } from "./credential";
import type { LineReader } from "./line-reader";
import { notThisProtocol } from "./plain-answer";
import { runProbe } from "./probe";
import { type ProbeFailure, probeFailure, ServerRefusal } from "./probe-failure";
import type { ProbeInput } from "./probe-input";
import type { ProbeRun } from "./probe-run";
import type { ProtocolReport } from "./schema";
import { expectReply, type SmtpSession, smtpLogin } from "./smtp-login";
import { requirePlainText } from "./xoauth2";

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
    await smtpLogin(session, other);
    isSignedIn = true;
    run.signsInAs(other.user);
    run.note(`as ${other.user}`);
    run.done();
    await offerSender(run, session);
    // The reply to the first name says more than the reply to the second.
  }).catch((error: unknown) => {
    throw isSignedIn ? error : refusal;
  });
  channel.socket.write("QUIT\r\n");
}

const MAX_RESPONSE_BYTES = 64 * 1024;

async function authenticateAndOffer(
  run: ProbeRun,
  session: SmtpSession,
): Promise<Refused | undefined> {
  run.offers(session.authMethods);
  run.done();

  const credential = await run.credential();

  run.enter("authenticate");
  const refused = await smtpLogin(session, credential).then(
    () => undefined,
    (error: unknown) => withOtherName(error, credential),
  );
  if (refused) return refused;
  run.done();
  await offerSender(run, session);
  return undefined;
}

/** RFC 4954 §6: 535 is the reply about a name and its credential. @throws any other error */
function withOtherName(error: unknown, credential: MailCredential): Refused {
  const isOfName = error instanceof ServerRefusal && error.reply.startsWith("535");
  if (!isOfName || credential.kind === "password" || credential.otherUser === undefined)
    throw error;
  const { otherUser: user, ...other } = credential;
  return { refusal: error, other: { ...other, user } };
}

async function offerSender(run: ProbeRun, session: SmtpSession): Promise<void> {
  const { sender } = run.input;
  if (sender === undefined) return run.skip("sender");
  run.enter("sender");
  requireAddress(sender);
  await expectReply(session, `MAIL FROM:<${sender}>`, 250);
  await expectReply(session, "RSET", 250);
  run.note(sender);
  run.done();
}

/**
 * Runs a conversation on a connection that is open, secured and greeted. It happens inside a
 * custom SASL mechanism, which is nodemailer's public way to send commands of one's own. The
 * mechanism has a name of its own because nodemailer replaces XOAUTH2 by the first mechanism on
 * offer when it was given no token generator.
 */
function converse<T>(channel: Channel, talk: (session: SmtpSession) => Promise<T>): Promise<T> {
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

const smtpDialect: Dialect = {
  maxLineBytes: 2048,

  async greet(reader) {
    const reply = await readReply(reader);
    if (reply.code === 220) return reply.text;
    if (Number.isNaN(reply.code)) throw notThisProtocol(reply.text);
    throw new ServerRefusal(reply.text);
  },

  async requestTls({ reader, send: write }) {
    write("EHLO [127.0.0.1]");
    const offered = await readReply(reader);
    if (offered.code !== 250) throw new ServerRefusal(offered.text);
    if (!/^250[ -]STARTTLS\b/im.test(offered.text)) throw probeFailure("tls.starttls_missing");
    write("STARTTLS");
    const reply = await readReply(reader);
    if (reply.code !== 220) throw new ServerRefusal(reply.text);
  },
};

type Reply = { code: number; text: string };

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
