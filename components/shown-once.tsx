"use client";

import { type ReactNode, useCallback, useEffect, useMemo, useSyncExternalStore } from "react";
import { endShown, followShown, ShownOnceEnd, shownOnServer, shownTo } from "./shown-once-store";

/** Above the pages, so that no reload takes it away. @param person the id of its owner */
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
