import { forgetChoices } from "./known-choices";

/** What a tab keeps for who is signed in; another person does not get it. */

const USER = "postkey-user";
const KEPT = "postkey-kept ";
/** Another tab may know already that someone else is signed in. */
const ofUser = (name: string) => `${KEPT}${localStorage.getItem(USER)} ${name}`;
export const DRAFT = "draft ";

/** Drops what was kept for another person. */
export function rememberUser(id: string): void {
  inStorage(() => {
    if (localStorage.getItem(USER) !== id) forgetAll();
    localStorage.setItem(USER, id);
  });
}

/** A sign-out keeps nothing. */
export function forgetUser(): void {
  inStorage(() => {
    localStorage.removeItem(USER);
    forgetAll();
  });
}

export type EndedSession = "no" | "ended" | "ended_with_draft";

/** The last person did not sign out, so their input is kept. */
export function endedSession(address: string): EndedSession {
  const found = inStorage(() => {
    if (localStorage.getItem(USER) === null) return "no";
    return allKept().some((key) => key.startsWith(ofUser(`${DRAFT}${address} `)))
      ? "ended_with_draft"
      : "ended";
  });
  return found ?? "no";
}

export function keep(name: string, value: string): void {
  inStorage(() => {
    // After a sign-out its page is there for a moment.
    if (localStorage.getItem(USER) !== null) sessionStorage.setItem(ofUser(name), value);
  });
}

export function kept(name: string): string | null {
  return inStorage(() => sessionStorage.getItem(ofUser(name)));
}

export function forget(name: string): void {
  inStorage(() => sessionStorage.removeItem(ofUser(name)));
}

function forgetAll(): void {
  forgetChoices();
  for (const key of allKept()) sessionStorage.removeItem(key);
}

function allKept(): string[] {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(KEPT));
}

/** Storage may be off or full. */
export function inStorage<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
