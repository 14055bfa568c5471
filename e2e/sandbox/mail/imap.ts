import { ClosedError, TooLongError } from "./connection";
import { FOLDER_COMMANDS } from "./imap-folders";
import { LOGIN_COMMANDS } from "./imap-login";
import { MESSAGE_COMMANDS } from "./imap-messages";
import { type ImapCommand, ImapSyntaxError, readCommand } from "./imap-parser";
import { type ImapCommands, type ImapState, INVALID_STATE, synchronise } from "./imap-state";
import { offersXoauth2 } from "./login";
import { sayVerbatim, verbatimReply } from "./replies";
import type { MailSession } from "./server";

const HOST_TAG = Buffer.from("SANDBOX.LOCALHOST", "utf16le").toString("base64");
const GREETINGS = {
  exchange: `* OK The Microsoft Exchange IMAP4 service is ready. [${HOST_TAG}]`,
  password: "* OK Fabrikam mail ready.",
  google: "* OK Gimap ready for requests from 127.0.0.1 sandbox",
};
const BAD_COMMAND = "BAD Command Error. 12";
const MAX_ERRORS = 10;

/** One client's IMAP conversation (RFC 3501), in Exchange Online's words. */
export async function imapSession(session: MailSession): Promise<void> {
  const { connection } = session;
  const state: ImapState = {
    session,
    connection,
    tag: "*",
    mailbox: undefined,
    folder: undefined,
    isReadOnly: false,
    view: [],
    isNotConnected: false,
    isOver: false,
  };
  const greeting = [GREETINGS[session.flavour] + session.bannerSuffix];
  state.isOver = await sayVerbatim(connection, verbatimReply(session, "greeting") ?? greeting);
  for (let errors = 0; !state.isOver && errors < MAX_ERRORS; )
    if (!(await step(state))) errors += 1;
}

/** Reads and answers one command; false where it was not understood. */
async function step(state: ImapState): Promise<boolean> {
  const { connection } = state;
  try {
    const command = await readCommand(connection);
    state.tag = command.tag;
    const answer = await run(state, command);
    if (answer !== undefined) await connection.reply(`${command.tag} ${answer}`);
    if (state.isNotConnected && answer?.startsWith("BAD"))
      await connection.reply("* BYE Connection closed. 14");
    return answer !== BAD_COMMAND;
  } catch (error) {
    if (error instanceof ClosedError) throw error;
    if (error instanceof TooLongError) {
      state.isOver = true;
      await connection.reply("* BYE Connection is closed. 13");
      return false;
    }
    if (!(error instanceof ImapSyntaxError)) throw error;
    await connection.reply(`${state.tag} BAD Command Argument Error. 11`);
    return false;
  }
}

async function run(state: ImapState, command: ImapCommand): Promise<string | undefined> {
  // Exchange says what it can do also where the mailbox does not open.
  if (Object.hasOwn(ANYTIME_COMMANDS, command.name))
    return ANYTIME_COMMANDS[command.name]?.(state, command.args);
  if (state.isNotConnected) {
    state.isOver = true;
    return "BAD User is authenticated but not connected.";
  }
  const groups: { commands: ImapCommands; isAllowed: boolean }[] = [
    { commands: LOGIN_COMMANDS, isAllowed: !state.mailbox },
    { commands: FOLDER_COMMANDS, isAllowed: state.mailbox !== undefined },
    { commands: MESSAGE_COMMANDS, isAllowed: state.folder !== undefined },
  ];
  for (const { commands, isAllowed } of groups) {
    if (!Object.hasOwn(commands, command.name)) continue;
    if (isAllowed && state.mailbox && (await refuseToOpen(state))) return undefined;
    return isAllowed ? commands[command.name]?.(state, command.args) : INVALID_STATE;
  }
  return BAD_COMMAND;
}

/** Says what a fault has a signed-in client told, whatever it asks for. */
async function refuseToOpen(state: ImapState): Promise<boolean> {
  const { session, connection, mailbox, tag } = state;
  const turns = verbatimReply(session, "open", mailbox?.entry.address);
  if (turns) state.isOver = await sayVerbatim(connection, turns, tag);
  return turns !== undefined;
}

const ANYTIME_COMMANDS: ImapCommands = {
  async CAPABILITY(state) {
    await state.connection.reply(`* CAPABILITY ${capabilities(state).join(" ")}`);
    return "OK CAPABILITY completed.";
  },

  async ID(state) {
    await state.connection.reply('* ID ("name" "Postkey sandbox" "version" "1")');
    return "OK ID completed.";
  },

  async NOOP(state) {
    await synchronise(state);
    return "OK NOOP completed.";
  },

  async LOGOUT(state) {
    await state.connection.reply("* BYE Microsoft Exchange Server IMAP4 server signing off.");
    state.isOver = true;
    return "OK LOGOUT completed.";
  },
};

function capabilities({ session, connection }: ImapState): string[] {
  return [
    "IMAP4",
    "IMAP4rev1",
    ...(session.startTls && !connection.isSecure ? ["STARTTLS"] : []),
    "AUTH=PLAIN",
    ...(offersXoauth2(session) ? ["AUTH=XOAUTH2"] : []),
    ...[
      "SASL-IR",
      "UIDPLUS",
      "MOVE",
      "ID",
      "UNSELECT",
      "CHILDREN",
      "IDLE",
      "NAMESPACE",
      "LITERAL+",
    ],
  ];
}
