import type { ReactNode } from "react";

export type Shown = { id: number; content: ReactNode };

const NONE: readonly Shown[] = [];
let shown = NONE;
/** Whose it is: a browser may become another person's while its pages stay. */
let owner: string | null = null;
let lastId = 0;
const listeners = new Set<() => void>();

/**
 * Shows what is shown a single time, such as a new password: over every page, until the person closes it.
 * @param content a ShownOnceDialog
 */
export function showOnce(content: ReactNode): void {
  lastId += 1;
  set([...shown, { id: lastId, content }]);
}

export function endShown(id: number): void {
  set(shown.filter((each) => each.id !== id));
}

/**
 * For the one place that shows it. What it shows waits where that place goes, as at the end of a session: for the
 * same person, and for no other.
 */
export function followShown(person: string, listener: () => void): () => void {
  if (owner !== person) shown = NONE;
  owner = person;
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

export const shownTo = (person: string): readonly Shown[] => (owner === person ? shown : NONE);
export const shownOnServer = (): readonly Shown[] => NONE;

function set(next: readonly Shown[]): void {
  shown = next;
  for (const listener of listeners) listener();
}
