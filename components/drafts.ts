import { isSecretField } from "./secret-fields";

/**
 * What was typed into forms, kept by the tab until it is saved or left, so that it survives the end of a
 * session. It belongs to who typed it: another person who signs in here does not get it.
 */

const USER = "postkey-user";
const DRAFT = "postkey-draft ";
const SIGN_IN = "/sign-in";

type Leaf = readonly [path: string, value: unknown];
export type Values = Record<string, unknown>;

/** Whether the whole console is being left: then nobody left a form, and the session has ended. */
let isConsoleLeft = false;

export function leaveConsole(): void {
  isConsoleLeft = true;
}

/** Notes who is signed in; what somebody else typed is dropped. */
export function rememberUser(id: string): void {
  isConsoleLeft = false;
  attempt(() => {
    if (localStorage.getItem(USER) !== id) clearDrafts();
    localStorage.setItem(USER, id);
  });
}

/** After a sign-out there is no session that could have ended, and nothing is kept. */
export function forgetUser(): void {
  attempt(() => {
    localStorage.removeItem(USER);
    clearDrafts();
  });
}

export type EndedSession = "no" | "ended" | "ended_with_draft";

/** Whether somebody was signed in here who did not sign out, and what they typed at an address is kept. */
export function endedSession(address: string): EndedSession {
  const found = attempt(() => {
    if (localStorage.getItem(USER) === null) return "no";
    return draftKeys().some((key) => key.startsWith(`${DRAFT}${address} `))
      ? "ended_with_draft"
      : "ended";
  });
  return found ?? "no";
}

/** Where the draft of a form is kept: by the address, and what tells it from the other forms there. */
export function draftKey(defaults: Values): string {
  const { id = "" } = defaults;
  const address = `${window.location.pathname}${window.location.search}`;
  return `${DRAFT}${address} ${String(id)} ${Object.keys(defaults).sort().join()}`;
}

/** Keeps what differs from what the form began with, never a secret. */
export function writeDraft(key: string, defaults: Values, values: Values): void {
  const before = new Map(leavesOf(defaults));
  const typed = leavesOf(values).filter(([path, value]) => !isSame(value, before.get(path)));
  attempt(() => {
    // Who signed out leaves nothing, though a form may still be filled in until its page is gone.
    if (localStorage.getItem(USER) === null) return;
    if (typed.length === 0) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(typed));
  });
}

/** The paths and values of fields that were typed into. */
export function readDraft(key: string): Leaf[] {
  const kept: unknown = attempt(() => JSON.parse(sessionStorage.getItem(key) ?? "[]"));
  return Array.isArray(kept) ? kept.filter(isLeaf) : [];
}

/** A form that is left is done with, unless it is left because the session ended. */
export function leaveDraft(key: string): void {
  if (isConsoleLeft || window.location.pathname === SIGN_IN) return;
  attempt(() => sessionStorage.removeItem(key));
}

/** What was picked among others by name is an id in the form; its name would be missing where it is shown. */
const PICKED = /^(contactListId|cloudProviderId|emailAccountId|moveTo|keepId)$/;

/** Values by their paths in the form; of lists as a whole. */
function leavesOf(values: Values, above = ""): Leaf[] {
  return Object.entries(values).flatMap(([name, value]): Leaf[] => {
    if (isSecretField(name) || PICKED.test(name) || value === undefined) return [];
    const path = `${above}${name}`;
    const isGroup = typeof value === "object" && value !== null && !Array.isArray(value);
    return isGroup
      ? leavesOf(Object.fromEntries(Object.entries(value)), `${path}.`)
      : [[path, value]];
  });
}

function isSame(one: unknown, other: unknown): boolean {
  return (
    JSON.stringify(one) === JSON.stringify(other ?? null) || (one === "" && other === undefined)
  );
}

function isLeaf(entry: unknown): entry is Leaf {
  return Array.isArray(entry) && entry.length === 2 && typeof entry[0] === "string";
}

function clearDrafts(): void {
  for (const key of draftKeys()) sessionStorage.removeItem(key);
}

function draftKeys(): string[] {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(DRAFT));
}

/** Storage may be off or full: then nothing is kept. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
