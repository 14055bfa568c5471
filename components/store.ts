import { useSyncExternalStore } from "react";

/** A value that parts of a page share; the server renders the first one. */
export function storeOf<T>(first: T) {
  let value = first;
  const listeners = new Set<() => void>();
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const get = () => value;
  const set = (next: T) => {
    value = next;
    for (const listener of listeners) listener();
  };
  return { get, set, useValue: () => useSyncExternalStore(subscribe, get, () => first) };
}
