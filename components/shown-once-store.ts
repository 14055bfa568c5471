import type { ReactNode } from "react";

export type Shown = { id: number; content: ReactNode };

const NONE: readonly Shown[] = [];
let shown = NONE;
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

/** For the one place that shows it. When that goes, the person has left the console, and the secrets with them. */
export function followShown(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) shown = NONE;
  };
}

export const shownNow = (): readonly Shown[] => shown;
export const shownOnServer = (): readonly Shown[] => NONE;

function set(next: readonly Shown[]): void {
  shown = next;
  for (const listener of listeners) listener();
}
