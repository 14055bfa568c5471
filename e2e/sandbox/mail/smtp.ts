import { GOOGLE_CHALLENGE } from "../google/access";
import { type MailIdentity, maySendAs } from "./access";
import { TooLongError } from "./connection";
import { type LoginResult, logIn, logInWithPassword, offersXoauth2 } from "./login";
import { parseMime } from "./mime";
import { sayVerbatim, verbatimReply } from "./replies";
import type { MailSession } from "./server";

interface SmtpState {
  session: MailSession;
  identity: MailIdentity | undefined;
  sender: string | undefined;
  recipients: string[];
  isOver: boolean;
}

type SmtpHandler = (state: SmtpState, argument: string) => Promise<string[]> | string[];

const LINE_LIMIT = 16 * 1024;
const DATA_LIMIT = 10 * 1024 * 1024;
const MAX_RECIPIENTS = 100;
const MAX_ERRORS = 10;
const HOST = "SANDBOX.LOCALHOST";
const UNSUCCESSFUL = `535 5.7.3 Authentication unsuccessful [${HOST}]`;
const SMTP_AUTH_HELP = "Visit https://aka.ms/smtp_auth_disabled for more information.";
const AUTH_FAULTS: Readonly<Record<string, string>> = {
  smtp_auth_disabled_tenant: `535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. ${SMTP_AUTH_HELP} [${HOST}]`,
  smtp_auth_disabled_mailbox: `535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. ${SMTP_AUTH_HELP} [${HOST}]`,
  temporary: `454 4.7.0 Temporary authentication failure [${HOST}]`,
};
const BASIC_AUTH_OFF = `535 5.7.139 Authentication unsuccessful, basic authentication is disabled. [${HOST}]`;
const SEND_AS_DENIED = "550 5.7.60 SMTP; Client does not have permissions to send as this sender";

const SERVICES = {
  exchange: "Microsoft ESMTP MAIL Service ready",
  password: "ESMTP Fabrikam",
  google: "ESMTP sandbox - gsmtp",
};
const GOOGLE_REFUSAL = [
  "535-5.7.8 Username and Password not accepted. For more information, go to",
  "535 5.7.8  https://support.google.com/mail/?p=BadCredentials sandbox - gsmtp",
];

/** One client's SMTP submission (RFC 5321, 4954), in Exchange Online's words. */
export async function smtpSession(session: MailSession): Promise<void> {
  const { connection, flavour } = session;
  const state: SmtpState = {
    session,
    identity: undefined,
    sender: undefined,
    recipients: [],
    isOver: false,
  };
  const greeting = [
    `220 ${HOST} ${SERVICES[flavour]} at ${new Date().toUTCString()}${session.bannerSuffix}`,
  ];
  state.isOver = await sayVerbatim(connection, verbatimReply(session, "greeting") ?? greeting);
  for (let errors = 0; !state.isOver && errors < MAX_ERRORS; ) {
    const lines = await step(state);
    if (lines[0]?.startsWith("5")) errors += 1;
    if (lines.length > 0) await connection.reply(...lines);
  }
}

async function step(state: SmtpState): Promise<string[]> {
  try {
    const line = await state.session.connection.readLine(LINE_LIMIT);
    const space = line.indexOf(" ");
    const verb = (space < 0 ? line : line.slice(0, space)).toUpperCase();
    const command = Object.hasOwn(COMMANDS, verb) ? COMMANDS[verb] : undefined;
    if (!command) return ["500 5.3.3 Unrecognized command"];
    return await command(state, space < 0 ? "" : line.slice(space + 1).trim());
  } catch (error) {
    if (!(error instanceof TooLongError)) throw error;
    state.isOver = true;
    return ["500 5.5.2 Line too long"];
  }
}

const COMMANDS: Readonly<Record<string, SmtpHandler>> = {
  EHLO: (state) => multiline([`${HOST} Hello [127.0.0.1]`, ...extensions(state.session)]),
  HELO: () => [`250 ${HOST} Hello [127.0.0.1]`],
  NOOP: () => ["250 2.0.0 OK"],

  async STARTTLS(state) {
    const { startTls, connection } = state.session;
    if (!startTls || connection.isSecure) return ["503 5.5.2 Command not allowed"];
    await connection.reply("220 2.0.0 SMTP server ready");
    await startTls();
    // RFC 3207, 4.2: what was said in the clear does not count.
    reset(state);
    return [];
  },

  AUTH: (state, argument) => authenticate(state, argument),

  MAIL(state, argument) {
    const { identity, session } = state;
    if (!identity)
      return [
        "530 5.7.57 Client not authenticated to send mail. Error: 535 5.7.3 Authentication unsuccessful",
      ];
    const sender = /^FROM:\s*<([^<>]*)>/i.exec(argument)?.[1];
    if (sender === undefined) return ["501 5.5.4 Invalid arguments"];
    const said = verbatimReply(session, "sender", identity.mailbox.entry.address);
    if (said) return [...said];
    if (!maySendAs(identity, sender)) return [SEND_AS_DENIED];
    state.sender = sender;
    state.recipients = [];
    return ["250 2.1.0 Sender OK"];
  },

  RCPT(state, argument) {
    if (state.sender === undefined) return ["503 5.5.2 Need mail command"];
    const recipient = /^TO:\s*<([^<>\s]+@[^<>\s]+)>/i.exec(argument)?.[1];
    if (!recipient) return ["501 5.1.3 Invalid address"];
    if (state.recipients.length >= MAX_RECIPIENTS) return ["452 4.5.3 Too many recipients"];
    if (!state.session.platform.mail.find(recipient))
      return [
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; the sandbox delivers to its own mailboxes only",
      ];
    state.recipients.push(recipient);
    return ["250 2.1.5 Recipient OK"];
  },

  DATA: (state) => receiveData(state),

  RSET(state) {
    state.sender = undefined;
    state.recipients = [];
    return ["250 2.0.0 Resetting"];
  },

  QUIT(state) {
    state.isOver = true;
    return ["221 2.0.0 Service closing transmission channel"];
  },
};

async function authenticate(state: SmtpState, argument: string): Promise<string[]> {
  const { session } = state;
  const [mechanism = "", initial] = argument.split(" ");
  const name = mechanism.toUpperCase();
  if (state.identity) return ["503 5.5.2 Already authenticated"];
  if (!session.connection.isSecure) return ["530 5.7.0 Must issue a STARTTLS command first"];
  if (!authMechanisms(session).includes(name))
    return ["504 5.7.4 Unrecognized authentication type"];
  if (name === "LOGIN") return conclude(state, name, await askForLogin(session, initial));
  const response = initial ?? (await ask(session, ""));
  if (response === "*") return ["501 5.7.0 Authentication cancelled"];
  return conclude(state, name, logIn(session, name, response));
}

async function askForLogin(
  session: MailSession,
  initial: string | undefined,
): Promise<LoginResult> {
  const decode = (text: string) => Buffer.from(text, "base64").toString("utf8");
  const user = decode(initial ?? (await ask(session, "VXNlcm5hbWU6")));
  const password = decode(await ask(session, "UGFzc3dvcmQ6"));
  return logInWithPassword(session, user, password);
}

async function ask(session: MailSession, prompt: string): Promise<string> {
  await session.connection.reply(`334 ${prompt}`);
  return session.connection.readLine(LINE_LIMIT);
}

async function conclude(
  state: SmtpState,
  mechanism: string,
  result: LoginResult,
): Promise<string[]> {
  if (result.kind === "reply") {
    state.isOver = await sayVerbatim(state.session.connection, result.turns);
    return [];
  }
  if (result.kind === "granted") {
    state.identity = result.identity;
    return ["235 2.7.0 Authentication successful"];
  }
  if (result.kind === "fault") return [AUTH_FAULTS[result.fault] ?? UNSUCCESSFUL];
  if (state.session.flavour === "google") {
    if (mechanism === "XOAUTH2") await ask(state.session, GOOGLE_CHALLENGE);
    return GOOGLE_REFUSAL;
  }
  const isBasic = mechanism !== "XOAUTH2" && state.session.flavour === "exchange";
  return [isBasic ? BASIC_AUTH_OFF : UNSUCCESSFUL];
}

async function receiveData(state: SmtpState): Promise<string[]> {
  const { identity, sender, recipients, session } = state;
  if (!identity || sender === undefined || recipients.length === 0)
    return ["503 5.5.2 Need rcpt command"];
  await session.connection.reply("354 Start mail input; end with <CRLF>.<CRLF>");
  const raw = await readData(session);
  state.sender = undefined;
  state.recipients = [];
  const said = verbatimReply(session, "data", identity.mailbox.entry.address);
  if (said) return [...said];
  if (!raw) return ["552 5.3.4 Message size exceeds fixed maximum message size"];
  const from = /[^\s<>"]+@[^\s<>"]+/.exec(parseMime(raw).headers.get("from") ?? "")?.[0] ?? sender;
  if (!maySendAs(identity, from))
    return [`554 5.2.252 SendAsDenied; ${identity.owner} not allowed to send as ${from}`];
  session.platform.mail.deliver({ from: sender || identity.owner, to: recipients, raw });
  session.platform.requests.record({ place: "smtp", what: "message", outcome: "delivered" });
  return [`250 2.0.0 OK <${Date.now()}@${HOST}> Queued mail for delivery`];
}

/** The message up to the lone dot, unstuffed; undefined where it is larger than allowed. */
async function readData({ connection }: MailSession): Promise<Buffer | undefined> {
  const lines: string[] = [];
  let size = 0;
  for (;;) {
    const line = await connection.readLine(DATA_LIMIT);
    if (line === ".") break;
    size += line.length + 2;
    if (size <= DATA_LIMIT) lines.push(line.startsWith(".") ? line.slice(1) : line);
  }
  return size > DATA_LIMIT ? undefined : Buffer.from(`${lines.join("\r\n")}\r\n`, "latin1");
}

function extensions(session: MailSession): string[] {
  const { connection, startTls } = session;
  return [
    `SIZE ${DATA_LIMIT}`,
    "8BITMIME",
    "PIPELINING",
    "ENHANCEDSTATUSCODES",
    ...(startTls && !connection.isSecure ? ["STARTTLS"] : []),
    ...(connection.isSecure ? [`AUTH ${authMechanisms(session).join(" ")}`] : []),
    "SMTPUTF8",
  ];
}

function authMechanisms(session: MailSession): string[] {
  if (session.flavour === "password") return ["PLAIN", "LOGIN"];
  return ["LOGIN", ...(offersXoauth2(session) ? ["XOAUTH2"] : [])];
}

function multiline(lines: string[]): string[] {
  return lines.map((line, index) => `250${index < lines.length - 1 ? "-" : " "}${line}`);
}

function reset(state: SmtpState): void {
  state.identity = undefined;
  state.sender = undefined;
  state.recipients = [];
}
