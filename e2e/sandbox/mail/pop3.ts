import { GOOGLE_CHALLENGE } from "../google/access";
import { TooLongError } from "./connection";
import { type LoginResult, logIn, logInWithPassword, offersXoauth2 } from "./login";
import { sayVerbatim, verbatimReply } from "./replies";
import type { MailSession } from "./server";
import type { Folder, StoredMessage } from "./store";

interface Pop3State {
  session: MailSession;
  user: string;
  /** The maildrop, numbered as it was when the session began. */
  messages: StoredMessage[];
  inbox: Folder | undefined;
  deleted: Set<StoredMessage>;
  isOver: boolean;
}

type Pop3Handler = (state: Pop3State, args: string[]) => Promise<string[]> | string[];

const LINE_LIMIT = 16 * 1024;
const HOST_TAG = Buffer.from("SANDBOX.LOCALHOST", "utf16le").toString("base64");
const GREETINGS = {
  exchange: `+OK The Microsoft Exchange POP3 service is ready. [${HOST_TAG}]`,
  password: "+OK Fabrikam mail ready.",
  google: "+OK Gpop ready for requests from 127.0.0.1 sandbox",
};
const LOGIN_REFUSED = "-ERR Logon failure: unknown user name or bad password.";
const AUTH_REFUSED = "-ERR Authentication failure: unknown user name or bad password.";
const NO_SUCH_MESSAGE = ["-ERR The specified message is out of range."];
const MAX_ERRORS = 10;

/** One client's POP3 conversation (RFC 1939), in Exchange Online's words. */
export async function pop3Session(session: MailSession): Promise<void> {
  const { connection } = session;
  const deleted = new Set<StoredMessage>();
  const state: Pop3State = {
    session,
    user: "",
    messages: [],
    inbox: undefined,
    deleted,
    isOver: false,
  };
  const greeting = [GREETINGS[session.flavour] + session.bannerSuffix];
  state.isOver = await sayVerbatim(connection, verbatimReply(session, "greeting") ?? greeting);
  for (let errors = 0; !state.isOver && errors < MAX_ERRORS; ) {
    const lines = await step(state);
    if (lines[0]?.startsWith("-ERR")) errors += 1;
    if (lines.length > 0) await connection.reply(...lines);
  }
}

async function step(state: Pop3State): Promise<string[]> {
  try {
    const [name = "", ...args] = (await state.session.connection.readLine(LINE_LIMIT)).split(" ");
    return await run(state, name.toUpperCase(), args);
  } catch (error) {
    if (!(error instanceof TooLongError)) throw error;
    state.isOver = true;
    return ["-ERR Protocol error. Connection is closed. 10"];
  }
}

function run(state: Pop3State, name: string, args: string[]): Promise<string[]> | string[] {
  const anytime = ANYTIME_COMMANDS[name];
  if (anytime) return anytime(state, args);
  const command = (state.inbox ? MAILDROP_COMMANDS : LOGIN_COMMANDS)[name];
  return command ? command(state, args) : ["-ERR Command is not valid in this state."];
}

const ANYTIME_COMMANDS: Readonly<Record<string, Pop3Handler>> = {
  CAPA({ session }) {
    const mechanisms = ["PLAIN", ...(offersXoauth2(session) ? ["XOAUTH2"] : [])];
    const stls = session.startTls && !session.connection.isSecure ? ["STLS"] : [];
    return ["+OK", "TOP", "UIDL", `SASL ${mechanisms.join(" ")}`, "USER", ...stls, "."];
  },

  QUIT(state) {
    state.isOver = true;
    const { inbox, deleted } = state;
    if (inbox) inbox.messages = inbox.messages.filter((message) => !deleted.has(message));
    return ["+OK Microsoft Exchange Server POP3 server signing off."];
  },
};

const LOGIN_COMMANDS: Readonly<Record<string, Pop3Handler>> = {
  async STLS({ session }) {
    const { connection, startTls } = session;
    if (!startTls || connection.isSecure) return ["-ERR Command is not valid in this state."];
    await connection.reply("+OK Begin TLS negotiation.");
    await startTls();
    return [];
  },

  async AUTH(state, [mechanism = "", initial]) {
    const { session } = state;
    const name = mechanism.toUpperCase();
    if (name !== "PLAIN" && !(name === "XOAUTH2" && offersXoauth2(session)))
      return ["-ERR Unsupported authentication mechanism."];
    if (initial !== undefined && session.flavour === "exchange") {
      // Exchange wants the mechanism and the response on two lines, and hangs up otherwise.
      state.isOver = true;
      return ["-ERR Protocol error. Connection is closed. 10"];
    }
    const response = initial ?? (await ask(session, ""));
    if (response === "*") return ["-ERR Authentication cancelled."];
    const result = logIn(session, name, response);
    if (session.flavour === "google" && result.kind === "refused") {
      await ask(session, GOOGLE_CHALLENGE);
      return ["-ERR [AUTH] Invalid credentials"];
    }
    return conclude(state, result, AUTH_REFUSED);
  },

  USER(state, [user = ""]) {
    state.user = user;
    return ["+OK"];
  },

  PASS(state, args) {
    const result = logInWithPassword(state.session, state.user, args.join(" "));
    return conclude(state, result, LOGIN_REFUSED);
  },
};

async function ask({ connection }: MailSession, challenge: string): Promise<string> {
  await connection.reply(`+ ${challenge}`);
  return connection.readLine(LINE_LIMIT);
}

async function conclude(state: Pop3State, result: LoginResult, refusal: string): Promise<string[]> {
  if (result.kind === "reply") {
    state.isOver = await sayVerbatim(state.session.connection, result.turns);
    return [];
  }
  if (result.kind === "fault" && result.fault === "temporary")
    return ["-ERR [SYS/TEMP] Server Unavailable. 15"];
  if (result.kind !== "granted") return [refusal];
  const inbox = result.identity.mailbox.folders.find((folder) => folder.name === "INBOX");
  state.inbox = inbox;
  state.messages = [...(inbox?.messages ?? [])];
  return ["+OK User successfully authenticated."];
}

const MAILDROP_COMMANDS: Readonly<Record<string, Pop3Handler>> = {
  STAT(state) {
    const said = verbatimReply(state.session, "open");
    if (said) return [...said];
    const kept = listed(state).map(({ message }) => message);
    return [`+OK ${kept.length} ${kept.reduce((sum, message) => sum + message.raw.length, 0)}`];
  },

  LIST: (state, [number]) => listing(state, number, (message) => String(message.raw.length)),
  UIDL: (state, [number]) => listing(state, number, (message) => message.id),

  RETR(state, [number]) {
    const message = find(state, number);
    return message ? ["+OK", ...stuffed(message.raw), "."] : NO_SUCH_MESSAGE;
  },

  TOP(state, [number, count = "0"]) {
    const message = find(state, number);
    if (!message) return NO_SUCH_MESSAGE;
    const { headerBytes, body } = message.mime;
    const lines = stuffed(body).slice(0, Number(count) || 0);
    return ["+OK", ...stuffed(headerBytes), "", ...lines, "."];
  },

  DELE(state, [number]) {
    const message = find(state, number);
    if (!message) return NO_SUCH_MESSAGE;
    state.deleted.add(message);
    return ["+OK"];
  },

  RSET(state) {
    state.deleted.clear();
    return ["+OK"];
  },

  NOOP: () => ["+OK"],
};

function listing(
  state: Pop3State,
  number: string | undefined,
  render: (message: StoredMessage) => string,
): string[] {
  const entries = listed(state);
  if (number === undefined) {
    const lines = entries.map((entry) => `${entry.number} ${render(entry.message)}`);
    return ["+OK", ...lines, "."];
  }
  const message = find(state, number);
  return message ? [`+OK ${number} ${render(message)}`] : NO_SUCH_MESSAGE;
}

function listed(state: Pop3State): { number: number; message: StoredMessage }[] {
  return state.messages
    .map((message, index) => ({ number: index + 1, message }))
    .filter(({ message }) => !state.deleted.has(message));
}

function find(state: Pop3State, number: string | undefined): StoredMessage | undefined {
  return listed(state).find((entry) => String(entry.number) === number)?.message;
}

function stuffed(bytes: Buffer): string[] {
  const lines = bytes.toString("latin1").replace(/\r\n$/, "").split("\r\n");
  return lines.map((line) => (line.startsWith(".") ? `.${line}` : line));
}
