import { useEffect, useId, useSyncExternalStore } from "react";

/** The dialogs that are open, the one that was opened last at the end. */
let open: readonly string[] = [];
const listeners = new Set<() => void>();

/** Whether a dialog is the uppermost: of two over each other, Escape closes that one alone. */
export function useIsTopDialog(): boolean {
  const id = useId();
  useEffect(() => {
    set([...open, id]);
    return () => set(open.filter((each) => each !== id));
  }, [id]);
  return useSyncExternalStore(
    subscribe,
    () => open.at(-1) === id,
    () => false,
  );
}

function set(next: readonly string[]): void {
  open = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
