"use client";

import { type ReactNode, useCallback, useEffect, useMemo, useSyncExternalStore } from "react";
import { ShownOnceEnd } from "./shown-once-end";
import { endShown, followShown, shownOnServer, shownTo } from "./shown-once-store";

/**
 * Where what is shown once is shown: above the pages, so that a row, a list or a page that is loaded again, or left,
 * takes nothing of it away.
 *
 * @param person whose secrets they are: the id
 */
export function ShownOnce({ person }: { person: string }) {
  const follow = useCallback((listener: () => void) => followShown(person, listener), [person]);
  const shown = useSyncExternalStore(follow, () => shownTo(person), shownOnServer);
  const isOpen = shown.length > 0;
  useEffect(() => {
    if (!isOpen) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isOpen]);
  return shown.map(({ id, content }) => (
    <One key={id} id={id}>
      {content}
    </One>
  ));
}

function One({ id, children }: { id: number; children: ReactNode }) {
  const end = useMemo(() => () => endShown(id), [id]);
  return <ShownOnceEnd value={end}>{children}</ShownOnceEnd>;
}
