import { createContext, type ReactNode } from "react";

export type Shown = { id: number; content: ReactNode };

const NONE: readonly Shown[] = [];
let shown = NONE;
/** A browser may become another person's while its pages stay. */
let owner: string | null = null;
let lastId = 0;
const listeners = new Set<() => void>();

/** Over every page, until closed by the person. @param content a ShownOnceDialog */
export function showOnce(content: ReactNode): void {
  lastId += 1;
  set([...shown, { id: lastId, content }]);
}

export function endShown(id: number): void {
  set(shown.filter((each) => each.id !== id));
}

/** Content waits for the same person if its place goes, as at a session's end. */
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

export const ShownOnceEnd = createContext<(() => void) | null>(null);
