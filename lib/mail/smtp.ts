import { LineReader } from "./byte-reader";
import { type Channel, type Dialect, notThisProtocol, openChannel } from "./channel";
import type { MailCredential } from "./credential";
import { probeFailure, ServerRefusal } from "./probe-failure";
import { type ProbeInput, type ProbeRun, runProbe } from "./probe-run";
import type { ProtocolReport } from "./schema";
import {
  expectReply,
  readReply,
  type SmtpSession,
  sayHello,
  smtpLogin,
  withOtherName,
} from "./smtp-login";
import { requirePlainText } from "./xoauth2";

/** MAIL FROM and RSET test `input.sender` (RFC 6409); nothing is sent. Never rejects. */
export function probeSmtp(input: ProbeInput): Promise<ProtocolReport> {
  return runProbe("smtp", input, async (run) => {
    const channel = await openChannel(run, smtpDialect);
    const refused = await authenticateAndOffer(run, await converse(channel));
    channel.socket.write("QUIT\r\n"); // the answer is not waited for
    if (!refused) return;
    channel.socket.destroySoon();
    await tryOtherName(run, refused);
  });
}

type Refused = { refusal: unknown; other: MailCredential };

/** New connection: servers count failures, and many close after one. */
async function tryOtherName(run: ProbeRun, { refusal, other }: Refused): Promise<void> {
  run.transcript.note(`A second connection, to sign in as ${other.user}`);
  let isSignedIn = false;
  const channel = await openChannel(run.quietly(), smtpDialect).catch(() => null);
  if (!channel) throw refusal;
  try {
    const session = await converse(channel);
    run.transcript.isAuthenticating = true;
    await smtpLogin(session, other);
    isSignedIn = true;
    run.signsInAs(other.user);
    run.note(`as ${other.user}`);
    run.done();
    await offerSender(run, session);
  } catch (error) {
    // The reply to the first name says more.
    throw isSignedIn ? error : refusal;
  }
  channel.socket.write("QUIT\r\n");
}

async function authenticateAndOffer(run: ProbeRun, session: SmtpSession) {
  run.offers(session.authMethods);
  run.done();

  const credential = await run.credential();

  run.enter("authenticate");
  const refused = await smtpLogin(session, credential).then(
    () => undefined,
    (refusal: unknown): Refused => {
      const other = withOtherName(refusal, credential);
      if (!other) throw refusal;
      return { refusal, other };
    },
  );
  if (refused) return refused;
  run.done();
  await offerSender(run, session);
  return undefined;
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

async function converse(channel: Channel): Promise<SmtpSession> {
  const { socket } = channel;
  const reader = new LineReader(socket, { maxLineBytes: smtpDialect.maxLineBytes });
  const say = (command: string) => {
    socket.write(`${command}\r\n`);
    return readReply(() => reader.line());
  };
  const { authMethods } = await sayHello(say);
  return { authMethods, say };
}

function requireAddress(sender: string): void {
  requirePlainText(sender);
  if (/[<>\s]/.test(sender)) throw probeFailure("mail.invalid_credential");
}

export const smtpDialect: Dialect = {
  maxLineBytes: 2048,

  async greet(reader) {
    const reply = await readReply(() => reader.line());
    if (reply.code === 220) return reply.text;
    if (Number.isNaN(reply.code)) throw notThisProtocol(reply.text);
    throw new ServerRefusal(reply.text);
  },

  async requestTls({ reader, send: write }) {
    write("EHLO [127.0.0.1]");
    const offered = await readReply(() => reader.line());
    if (offered.code !== 250) throw new ServerRefusal(offered.text);
    if (!/^250[ -]STARTTLS\b/im.test(offered.text)) throw probeFailure("tls.starttls_missing");
    write("STARTTLS");
    const reply = await readReply(() => reader.line());
    if (reply.code !== 220) throw new ServerRefusal(reply.text);
  },
};
