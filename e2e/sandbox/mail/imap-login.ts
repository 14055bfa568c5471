import { GOOGLE_CHALLENGE } from "../google/access";
import type { ImapCommands, ImapState } from "./imap-state";
import { INVALID_STATE } from "./imap-state";
import { type LoginResult, logIn, logInWithPassword, offersXoauth2 } from "./login";
import { sayVerbatim } from "./replies";

const LINE_LIMIT = 64 * 1024;

/** The commands of a client that is not authenticated yet. */
export const LOGIN_COMMANDS: ImapCommands = {
  async STARTTLS({ connection, session, tag }) {
    if (!session.startTls || connection.isSecure) return INVALID_STATE;
    await connection.reply(`${tag} OK Begin TLS negotiation now.`);
    await session.startTls();
    return undefined;
  },

  async AUTHENTICATE(state, [mechanism, initial]) {
    const name = String(mechanism).toUpperCase();
    if (name !== "PLAIN" && !(name === "XOAUTH2" && offersXoauth2(state.session)))
      return "NO AUTHENTICATE Unsupported authentication mechanism.";
    const response = typeof initial === "string" ? initial : await askForResponse(state);
    if (response === "*") return "BAD AUTHENTICATE cancelled.";
    return conclude(state, "AUTHENTICATE", logIn(state.session, name, response));
  },

  LOGIN(state, [user, password]) {
    const result = logInWithPassword(state.session, String(user), String(password));
    return conclude(state, "LOGIN", result);
  },
};

async function askForResponse({ connection }: ImapState): Promise<string> {
  await connection.reply("+ ");
  return connection.readLine(LINE_LIMIT);
}

async function conclude(
  state: ImapState,
  command: string,
  result: LoginResult,
): Promise<string | undefined> {
  if (result.kind === "reply") {
    state.isOver = await sayVerbatim(state.connection, result.turns, state.tag);
    return undefined;
  }
  if (result.kind === "fault") return concludeFault(state, command, result);
  if (result.kind === "refused") return refusal(state, command);
  if (result.kind === "granted") state.mailbox = result.identity.mailbox;
  else state.isNotConnected = true;
  return `OK ${command} completed.`;
}

async function refusal(state: ImapState, command: string): Promise<string> {
  if (state.session.flavour !== "google") return `NO ${command} failed.`;
  // Gmail gives its reason first, and its verdict when the client has answered with an empty line.
  if (command === "AUTHENTICATE") {
    await state.connection.reply(`+ ${GOOGLE_CHALLENGE}`);
    await state.connection.readLine(LINE_LIMIT);
  }
  return "NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)";
}

async function concludeFault(
  state: ImapState,
  command: string,
  { fault, access }: Extract<LoginResult, { kind: "fault" }>,
): Promise<string> {
  switch (fault) {
    case "temporary":
      return "NO [UNAVAILABLE] Server Unavailable. 15";
    case "authenticated_not_connected":
      if (access.kind === "refused") return `NO ${command} failed.`;
      state.isNotConnected = true;
      return `OK ${command} completed.`;
    default:
      return `NO ${command} failed.`;
  }
}
