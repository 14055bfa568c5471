import { type Argument, ImapSyntaxError, quote } from "./imap-parser";
import { type ImapCommands, type ImapState, synchronise } from "./imap-state";
import type { Folder } from "./store";

const NO_SUCH_FOLDER = "NO The specified folder could not be found.";
const FLAGS = "\\Seen \\Answered \\Flagged \\Deleted \\Draft";

/** The commands of an authenticated client that need no selected folder. */
export const FOLDER_COMMANDS: ImapCommands = {
  async NAMESPACE({ connection }) {
    await connection.reply('* NAMESPACE (("" "/")) NIL NIL');
    return "OK NAMESPACE completed.";
  },

  LIST: (state, args) => list(state, "LIST", args),
  LSUB: (state, args) => list(state, "LSUB", args),
  SUBSCRIBE: () => "OK SUBSCRIBE completed.",
  UNSUBSCRIBE: () => "OK UNSUBSCRIBE completed.",
  SELECT: (state, [name]) => select(state, { name: text(name), isReadOnly: false }),
  EXAMINE: (state, [name]) => select(state, { name: text(name), isReadOnly: true }),

  async STATUS(state, [name, items]) {
    const folder = findFolder(state, text(name));
    if (!folder) return NO_SUCH_FOLDER;
    if (!Array.isArray(items)) throw new ImapSyntaxError("STATUS needs a list.");
    const values = items.map((item) => statusItem(folder, text(item).toUpperCase()));
    await state.connection.reply(`* STATUS ${quote(folder.name)} (${values.join(" ")})`);
    return "OK STATUS completed.";
  },

  CREATE({ mailbox, ...state }, [name]) {
    const wanted = text(name).replace(/\/$/, "");
    if (!mailbox || mailbox.folders.length >= 100) return "NO CREATE failed.";
    if (mailbox.folders.some((folder) => folder.name === wanted))
      return "NO Folder already exists.";
    const uidValidity = Math.floor(state.session.platform.now() / 1000);
    mailbox.folders.push({ name: wanted, uidValidity, uidNext: 1, messages: [] });
    return "OK CREATE completed.";
  },

  DELETE(state, [name]) {
    const folder = findFolder(state, text(name));
    if (!folder || !state.mailbox) return NO_SUCH_FOLDER;
    if (isFixed(folder)) return "NO DELETE failed.";
    state.mailbox.folders = state.mailbox.folders.filter((each) => each !== folder);
    return "OK DELETE completed.";
  },

  RENAME(state, [from, to]) {
    const [folder, wanted] = [findFolder(state, text(from)), text(to).replace(/\/$/, "")];
    if (!folder || !state.mailbox) return NO_SUCH_FOLDER;
    if (isFixed(folder)) return "NO RENAME failed.";
    if (findFolder(state, wanted)) return "NO Folder already exists.";
    const old = folder.name;
    for (const each of state.mailbox.folders)
      if (each === folder || each.name.startsWith(`${old}/`))
        each.name = wanted + each.name.slice(old.length);
    return "OK RENAME completed.";
  },

  APPEND(state, args) {
    const folder = findFolder(state, text(args[0]));
    if (!folder || !state.mailbox) return "NO [TRYCREATE] The specified folder could not be found.";
    const flags = Array.isArray(args[1]) ? args[1].map(String) : [];
    const raw = Buffer.from(text(args.at(-1)), "latin1");
    const { mail } = state.session.platform;
    const { uid } = mail.append(state.mailbox, folder, { raw, flags });
    return `OK [APPENDUID ${folder.uidValidity} ${uid}] APPEND completed.`;
  },

  async IDLE(state) {
    const { connection, mailbox } = state;
    await connection.reply("+ IDLE accepted, awaiting DONE command.");
    // A failed write ends the session by the pending readLine, so there is nothing to add here.
    const watch = () => void synchronise(state).catch(() => undefined);
    mailbox?.watchers.add(watch);
    // What arrived since the last command is news as well (RFC 2177 §3).
    watch();
    try {
      await connection.readLine(1024);
    } finally {
      mailbox?.watchers.delete(watch);
    }
    return "OK IDLE completed.";
  },
};

const isFixed = ({ name, specialUse }: Folder) => name === "INBOX" || specialUse !== undefined;

/** Finds a folder of the opened mailbox; INBOX in any case. */
export function findFolder({ mailbox }: ImapState, name: string): Folder | undefined {
  const wanted = name.toUpperCase() === "INBOX" ? "INBOX" : name;
  return mailbox?.folders.find((folder) => folder.name === wanted);
}

async function list(state: ImapState, command: string, args: Argument[]): Promise<string> {
  const pattern = text(args[1]);
  if (pattern === "") {
    await state.connection.reply(`* ${command} (\\Noselect) "/" ""`);
    return `OK ${command} completed.`;
  }
  const source = (text(args[0]) + pattern).replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  const matches = new RegExp(`^${source.replace(/\*/g, ".*").replace(/%/g, "[^/]*")}$`, "i");
  for (const folder of state.mailbox?.folders ?? []) {
    if (!matches.test(folder.name)) continue;
    const flags = ["\\HasNoChildren", ...(folder.specialUse ? [folder.specialUse] : [])];
    await state.connection.reply(`* ${command} (${flags.join(" ")}) "/" ${quote(folder.name)}`);
  }
  return `OK ${command} completed.`;
}

async function select(
  state: ImapState,
  { name, isReadOnly }: { name: string; isReadOnly: boolean },
): Promise<string> {
  const command = isReadOnly ? "EXAMINE" : "SELECT";
  const folder = findFolder(state, name);
  state.folder = folder;
  if (!folder) return NO_SUCH_FOLDER;
  state.isReadOnly = isReadOnly;
  state.view = [...folder.messages];
  const firstUnseen = state.view.findIndex((message) => !message.flags.has("\\Seen")) + 1;
  await state.connection.reply(
    `* ${state.view.length} EXISTS`,
    "* 0 RECENT",
    `* FLAGS (${FLAGS})`,
    `* OK [PERMANENTFLAGS (${isReadOnly ? "" : FLAGS})] Permanent flags`,
    ...(firstUnseen > 0 ? [`* OK [UNSEEN ${firstUnseen}] Is the first unseen message`] : []),
    `* OK [UIDVALIDITY ${folder.uidValidity}] UIDVALIDITY value`,
    `* OK [UIDNEXT ${folder.uidNext}] The next unique identifier value`,
  );
  return `OK [READ-${isReadOnly ? "ONLY" : "WRITE"}] ${command} completed.`;
}

function statusItem(folder: Folder, item: string): string {
  const unseen = () => folder.messages.filter((message) => !message.flags.has("\\Seen")).length;
  switch (item) {
    case "MESSAGES":
      return `MESSAGES ${folder.messages.length}`;
    case "RECENT":
      return "RECENT 0";
    case "UIDNEXT":
      return `UIDNEXT ${folder.uidNext}`;
    case "UIDVALIDITY":
      return `UIDVALIDITY ${folder.uidValidity}`;
    case "UNSEEN":
      return `UNSEEN ${unseen()}`;
    default:
      throw new ImapSyntaxError("Unknown STATUS item.");
  }
}

function text(argument: Argument | undefined): string {
  if (typeof argument !== "string") throw new ImapSyntaxError("Argument missing.");
  return argument;
}
