import type { Choice } from "@/lib/kernel/choices/schema";
import { forgetChoices, knownChoice, rememberChoice } from "./known-choices";
import { isSecretField } from "./secret-fields";

/**
 * What was typed into forms, kept by the tab until it is saved or left, so that it survives the end of a
 * session. It belongs to who typed it: another person who signs in here does not get it.
 */

const USER = "postkey-user";
const DRAFT = "postkey-draft ";
const SIGN_IN = "/sign-in";

/** `picked`: what the ids of the value are called. */
type Leaf = readonly [path: string, value: unknown, picked?: Choice[]];
export type Values = Record<string, unknown>;

/** Whether the whole console is being left: the session has ended, which is not the same as leaving a form. */
let isConsoleLeft = false;

export function leaveConsole(): void {
  isConsoleLeft = true;
}

/** Notes who is signed in; what another person typed is dropped. */
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

/** Whether the last person here did not sign out, so that what they typed at an address is kept. */
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
  const before = new Map(leavesOf(defaults).map(([path, value]) => [path, value]));
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
  const leaves = Array.isArray(kept) ? kept.filter(isLeaf) : [];
  for (const [, , picked = []] of leaves) picked.forEach(rememberChoice);
  return leaves;
}

/** A form that is left is done with, unless it is left because the session ended. */
export function leaveDraft(key: string): void {
  if (isConsoleLeft || window.location.pathname === SIGN_IN) return;
  attempt(() => sessionStorage.removeItem(key));
}

/** What was picked among others by name is an id in the form: it is kept together with its name. */
const PICKED = /^(contactListId|cloudProviderId|emailAccountId|accountIds|moveTo|keepId)$/;

/** Values by their paths in the form; of lists as a whole. */
function leavesOf(values: Values, above = ""): Leaf[] {
  return Object.entries(values).flatMap(([name, value]): Leaf[] => {
    if (isSecretField(name) || value === undefined) return [];
    const path = `${above}${name}`;
    if (PICKED.test(name)) return pickedLeaf(path, value);
    const isGroup = typeof value === "object" && value !== null && !Array.isArray(value);
    return isGroup
      ? leavesOf(Object.fromEntries(Object.entries(value)), `${path}.`)
      : [[path, value]];
  });
}

/** Without a name it could not be shown again: then it is not kept. */
function pickedLeaf(path: string, value: unknown): Leaf[] {
  if (value === null) return [[path, value]];
  const ids: unknown[] = Array.isArray(value) ? value : [value];
  const picked = ids.flatMap((id) => (typeof id === "string" && knownChoice(id)) || []);
  return picked.length === ids.length ? [[path, value, picked]] : [];
}

function isSame(one: unknown, other: unknown): boolean {
  return (
    JSON.stringify(one) === JSON.stringify(other ?? null) || (one === "" && other === undefined)
  );
}

function isChoices(entry: unknown): entry is Choice[] {
  return Array.isArray(entry) && entry.every((each) => Boolean(each?.id) && Boolean(each?.name));
}

function isLeaf(entry: unknown): entry is Leaf {
  if (!Array.isArray(entry) || typeof entry[0] !== "string") return false;
  return entry.length === 2 || (entry.length === 3 && isChoices(entry[2]));
}

function clearDrafts(): void {
  forgetChoices();
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
