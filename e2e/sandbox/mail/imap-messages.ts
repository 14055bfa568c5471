import { fetchItems, marksAsRead } from "./imap-fetch";
import { findFolder } from "./imap-folders";
import { type Argument, ImapSyntaxError, parseSequenceSet } from "./imap-parser";
import { compileSearch } from "./imap-search";
import { type ImapCommands, type ImapState, synchronise } from "./imap-state";
import type { StoredMessage } from "./store";

interface Numbered {
  message: StoredMessage;
  sequence: number;
}

/** The commands of a client that has selected a folder. */
export const MESSAGE_COMMANDS: ImapCommands = {
  FETCH: (state, args) => fetch(state, args, "sequence"),
  STORE: (state, args) => store(state, args, "sequence"),
  SEARCH: (state, args) => search(state, args, "sequence"),
  COPY: (state, args) => copy(state, args, "sequence"),
  MOVE: (state, args) => move(state, args, "sequence"),

  UID(state, [name, ...args]) {
    const command = BY_UID[String(name).toUpperCase()];
    if (!command) throw new ImapSyntaxError("Unknown UID command.");
    return command(state, args, "uid");
  },

  async CHECK(state) {
    await synchronise(state);
    return "OK CHECK completed.";
  },

  async EXPUNGE(state) {
    await remove(state, (message) => message.flags.has("\\Deleted"));
    return "OK EXPUNGE completed.";
  },

  CLOSE(state) {
    if (state.folder && !state.isReadOnly)
      state.folder.messages = state.folder.messages.filter((each) => !each.flags.has("\\Deleted"));
    state.folder = undefined;
    return "OK CLOSE completed.";
  },

  UNSELECT(state) {
    state.folder = undefined;
    return "OK UNSELECT completed.";
  },
};

type Numbering = "sequence" | "uid";
type NumberedCommand = (state: ImapState, args: Argument[], by: Numbering) => Promise<string>;

const BY_UID: Readonly<Record<string, NumberedCommand>> = {
  FETCH: fetch,
  STORE: store,
  SEARCH: search,
  COPY: copy,
  MOVE: move,
  async EXPUNGE(state, args) {
    const chosen = new Set(choose(state, args[0], "uid").map(({ message }) => message));
    await remove(state, (message) => chosen.has(message) && message.flags.has("\\Deleted"));
    return "OK EXPUNGE completed.";
  },
};

async function fetch(state: ImapState, args: Argument[], by: Numbering): Promise<string> {
  const given = Array.isArray(args[1]) ? args[1].map(String) : [String(args[1])];
  const isUidMissing = by === "uid" && !given.some((name) => name.toUpperCase() === "UID");
  const names = isUidMissing ? ["UID", ...given] : given;
  const isReading = !state.isReadOnly && names.some(marksAsRead);
  for (const { message, sequence } of choose(state, args[0], by)) {
    const isFirstRead = isReading && !message.flags.has("\\Seen");
    if (isFirstRead) message.flags.add("\\Seen");
    const items = isFirstRead ? [...names, "FLAGS"] : names;
    const bytes = [`* ${sequence} FETCH (`, fetchItems(message, items), ")\r\n"];
    await state.connection.write(Buffer.concat(bytes.map((part) => Buffer.from(part))));
  }
  return "OK FETCH completed.";
}

async function store(state: ImapState, args: Argument[], by: Numbering): Promise<string> {
  if (state.isReadOnly) return "NO STORE failed: the folder is read-only.";
  const match = /^([+-]?)FLAGS(\.SILENT)?$/i.exec(String(args[1]));
  if (!match) throw new ImapSyntaxError("Unknown STORE item.");
  const flags = (Array.isArray(args[2]) ? args[2] : args.slice(2)).map(String);
  for (const { message, sequence } of choose(state, args[0], by)) {
    message.flags = changedFlags(message.flags, match[1] ?? "", flags);
    if (match[2]) continue;
    const uid = by === "uid" ? ` UID ${message.uid}` : "";
    const list = [...message.flags].join(" ");
    await state.connection.reply(`* ${sequence} FETCH (FLAGS (${list})${uid})`);
  }
  return "OK STORE completed.";
}

function changedFlags(old: ReadonlySet<string>, sign: string, flags: string[]): Set<string> {
  if (sign === "-") return new Set([...old].filter((flag) => !flags.includes(flag)));
  return new Set(sign === "+" ? [...old, ...flags] : flags);
}

async function search(state: ImapState, args: Argument[], by: Numbering): Promise<string> {
  const test = compileSearch(args, {
    largestSequence: state.view.length,
    largestUid: state.view.at(-1)?.uid ?? 0,
  });
  const found = numbered(state)
    .filter(test)
    .map((each) => (by === "uid" ? each.message.uid : each.sequence));
  await state.connection.reply(["* SEARCH", ...found].join(" "));
  return "OK SEARCH completed.";
}

async function copy(state: ImapState, args: Argument[], by: Numbering): Promise<string> {
  const target = findFolder(state, String(args[1]));
  const { folder, mailbox } = state;
  if (!target || !mailbox || !folder)
    return "NO [TRYCREATE] The specified folder could not be found.";
  const { mail } = state.session.platform;
  const pairs = choose(state, args[0], by).map(({ message }) => ({
    from: message.uid,
    to: mail.append(mailbox, target, message).uid,
  }));
  if (pairs.length === 0) return "OK COPY completed.";
  const from = pairs.map((pair) => pair.from).join(",");
  const to = pairs.map((pair) => pair.to).join(",");
  return `OK [COPYUID ${target.uidValidity} ${from} ${to}] COPY completed.`;
}

async function move(state: ImapState, args: Argument[], by: Numbering): Promise<string> {
  const chosen = new Set(choose(state, args[0], by).map(({ message }) => message));
  const answer = await copy(state, args, by);
  if (!answer.startsWith("OK")) return answer;
  const copied = /\[COPYUID [^\]]*\]/.exec(answer);
  if (copied) await state.connection.reply(`* OK ${copied[0]}`);
  await remove(state, (message) => chosen.has(message));
  return "OK MOVE completed.";
}

async function remove(state: ImapState, isGone: (message: StoredMessage) => boolean) {
  if (state.folder && !state.isReadOnly) {
    state.folder.messages = state.folder.messages.filter((message) => !isGone(message));
  }
  await synchronise(state);
}

function choose(state: ImapState, set: Argument | undefined, by: Numbering): Numbered[] {
  if (typeof set !== "string") throw new ImapSyntaxError("Message set missing.");
  const largest = by === "uid" ? (state.view.at(-1)?.uid ?? 0) : state.view.length;
  const includes = parseSequenceSet(set, largest);
  return numbered(state).filter((each) =>
    includes(by === "uid" ? each.message.uid : each.sequence),
  );
}

function numbered(state: ImapState): Numbered[] {
  return state.view.map((message, index) => ({ message, sequence: index + 1 }));
}
