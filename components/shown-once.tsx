"use client";

import { createContext, type ReactNode, useEffect } from "react";
import { storeOf } from "./store";

type Shown = { id: number; content: ReactNode };

/** A browser may become another person's while its pages stay. */
const held = storeOf<{ owner: string | null; shown: readonly Shown[] }>({ owner: null, shown: [] });
let lastId = 0;

/** Over every page, until closed by the person. @param content a ShownOnceDialog */
export function showOnce(content: ReactNode): void {
  lastId += 1;
  const { owner, shown } = held.get();
  held.set({ owner, shown: [...shown, { id: lastId, content }] });
}

export function endShown(id: number): void {
  const { owner, shown } = held.get();
  held.set({ owner, shown: shown.filter((each) => each.id !== id) });
}

export const ShownId = createContext<number | null>(null);

/**
 * Above the pages, so that no reload takes it away; content waits for the same person if its place
 * goes, as at a session's end. @param person the id of its owner
 */
export function ShownOnce({ person }: { person: string }) {
  const { owner, shown } = held.useValue();
  const isOpen = owner === person && shown.length > 0;
  useEffect(() => {
    if (held.get().owner !== person) held.set({ owner: person, shown: [] });
  }, [person]);
  useEffect(() => {
    if (!isOpen) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isOpen]);
  return (
    isOpen &&
    shown.map(({ id, content }) => (
      <ShownId key={id} value={id}>
        {content}
      </ShownId>
    ))
  );
}
