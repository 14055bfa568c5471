import type { Connection } from "./connection";
import type { Argument } from "./imap-parser";
import type { MailSession } from "./server";
import type { Folder, Mailbox, StoredMessage } from "./store";

export interface ImapState {
  session: MailSession;
  connection: Connection;
  /** The tag of the command that is being answered. */
  tag: string;
  mailbox: Mailbox | undefined;
  folder: Folder | undefined;
  isReadOnly: boolean;
  /** The messages as this client numbers them; others may have changed the folder meanwhile. */
  view: StoredMessage[];
  /** Set when Exchange took the token but cannot reach the mailbox. */
  isNotConnected: boolean;
  isOver: boolean;
}

/** A command's answer without its tag; undefined where the handler has answered already. */
type ImapHandler = (
  state: ImapState,
  args: Argument[],
) => Promise<string | undefined> | string | undefined;

export type ImapCommands = Readonly<Record<string, ImapHandler>>;

export const INVALID_STATE = "BAD Command received in Invalid state.";

/** Tells the client what came and what went since it was last told. */
export async function synchronise(state: ImapState): Promise<void> {
  const { folder, view, connection } = state;
  if (!folder) return;
  const present = new Set(folder.messages);
  const lines: string[] = [];
  for (let index = view.length - 1; index >= 0; index -= 1) {
    const message = view[index];
    if (!message || present.has(message)) continue;
    view.splice(index, 1);
    lines.push(`* ${index + 1} EXPUNGE`);
  }
  const known = new Set(view);
  const added = folder.messages.filter((message) => !known.has(message));
  view.push(...added);
  if (added.length > 0) lines.push(`* ${view.length} EXISTS`);
  if (lines.length > 0) await connection.reply(...lines);
}
