import { forgetChoices } from "./known-choices";

/** Typed values stay in the tab until saved or cancelled; another person does not get them. */

const USER = "postkey-user";
export const DRAFT = "postkey-draft ";

/** Drops the drafts of another person. */
export function rememberUser(id: string): void {
  attempt(() => {
    if (localStorage.getItem(USER) !== id) clearDrafts();
    localStorage.setItem(USER, id);
  });
}

/** A sign-out keeps nothing. */
export function forgetUser(): void {
  attempt(() => {
    localStorage.removeItem(USER);
    clearDrafts();
  });
}

export type EndedSession = "no" | "ended" | "ended_with_draft";

/** The last person did not sign out, so their input is kept. */
export function endedSession(address: string): EndedSession {
  const found = attempt(() => {
    if (!isSignedIn()) return "no";
    return draftKeys().some((key) => key.startsWith(`${DRAFT}${address} `))
      ? "ended_with_draft"
      : "ended";
  });
  return found ?? "no";
}

export function isSignedIn(): boolean {
  return localStorage.getItem(USER) !== null;
}

function clearDrafts(): void {
  forgetChoices();
  for (const key of draftKeys()) sessionStorage.removeItem(key);
}

function draftKeys(): string[] {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(DRAFT));
}

/** Storage may be off or full. */
export function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
