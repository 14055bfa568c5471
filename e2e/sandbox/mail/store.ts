import { randomUUID } from "node:crypto";
import { findMailbox, MAILBOXES, type MailboxEntry } from "../directory";
import { composeMessage } from "./compose";
import { type MimePart, parseMime } from "./mime";
import { type NewMessage, welcomeMessages } from "./welcome";

export interface StoredMessage {
  uid: number;
  /** For POP3, where ids must last. */
  id: string;
  flags: Set<string>;
  receivedAt: Date;
  raw: Buffer;
  mime: MimePart;
}

export interface Folder {
  name: string;
  specialUse?: string;
  uidValidity: number;
  uidNext: number;
  messages: StoredMessage[];
}

export interface Mailbox {
  entry: MailboxEntry;
  folders: Folder[];
  /** Called after every change, for clients in IDLE. */
  watchers: Set<() => void>;
}

export interface MailStore {
  find(address: string): Mailbox | undefined;
  /** Puts a message into the inbox of each recipient that has one, and into the sender's Sent. */
  deliver(message: { from: string; to: readonly string[]; raw: Buffer }): string[];
  send(message: { from: string; to: string; subject: string; text: string }): string[];
  append(mailbox: Mailbox, folder: Folder, message: NewMessage): StoredMessage;
  clear(): void;
}

const FOLDERS: readonly Pick<Folder, "name" | "specialUse">[] = [
  { name: "INBOX" },
  { name: "Drafts", specialUse: "\\Drafts" },
  { name: "Sent Items", specialUse: "\\Sent" },
  { name: "Deleted Items", specialUse: "\\Trash" },
  { name: "Junk Email", specialUse: "\\Junk" },
  { name: "Archive", specialUse: "\\Archive" },
];
/** So that a flood of test messages cannot fill the memory. */
const MESSAGES_PER_FOLDER = 2000;

/** The mailboxes and their messages, in memory: they begin again with each start. */
export function createMailStore(): MailStore {
  const mailboxes = new Map<string, Mailbox>();
  const store: MailStore = {
    find: (address) => mailboxes.get(address.trim().toLowerCase()),
    append,
    deliver({ from, to, raw }) {
      const sent = folderOf(store.find(from), "Sent Items");
      if (sent) append(sent.mailbox, sent.folder, { raw, flags: ["\\Seen"] });
      const delivered: string[] = [];
      for (const address of new Set(to.map((recipient) => recipient.toLowerCase()))) {
        const inbox = folderOf(store.find(address), "INBOX");
        if (!inbox) continue;
        append(inbox.mailbox, inbox.folder, { raw });
        delivered.push(address);
      }
      return delivered;
    },
    send(message) {
      const name = findMailbox(message.from)?.name ?? "";
      const raw = composeMessage({ ...message, fromName: name, date: new Date() });
      return store.deliver({ from: message.from, to: [message.to], raw });
    },
    clear: () => fill(mailboxes),
  };
  fill(mailboxes);
  return store;
}

function fill(mailboxes: Map<string, Mailbox>): void {
  const uidValidity = Math.floor(Date.now() / 1000);
  for (const entry of MAILBOXES) {
    if (entry.kind === "none") continue;
    const folders = FOLDERS.map((folder) => ({ ...folder, uidValidity, uidNext: 1, messages: [] }));
    const watchers = mailboxes.get(entry.address)?.watchers ?? new Set();
    const mailbox: Mailbox = { entry, folders, watchers };
    mailboxes.set(entry.address, mailbox);
    const inbox = folderOf(mailbox, "INBOX");
    if (inbox) for (const message of welcomeMessages(entry)) append(mailbox, inbox.folder, message);
  }
}

function append(mailbox: Mailbox, folder: Folder, message: NewMessage): StoredMessage {
  const stored: StoredMessage = {
    uid: folder.uidNext,
    id: randomUUID(),
    flags: new Set(message.flags ?? []),
    receivedAt: message.receivedAt ?? new Date(),
    raw: message.raw,
    mime: parseMime(message.raw),
  };
  folder.uidNext += 1;
  folder.messages.push(stored);
  if (folder.messages.length > MESSAGES_PER_FOLDER) folder.messages.shift();
  for (const watch of mailbox.watchers) watch();
  return stored;
}

function folderOf(mailbox: Mailbox | undefined, name: string) {
  const folder = mailbox?.folders.find((candidate) => candidate.name === name);
  return mailbox && folder ? { mailbox, folder } : undefined;
}
