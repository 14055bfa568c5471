"use client";

import { lazy, Suspense, useSyncExternalStore } from "react";

const Notifications = lazy(async () => ({
  default: (await import("@mantine/notifications")).Notifications,
}));

let isWanted = false;
const listeners = new Set<() => void>();

/** Puts the place where toasts appear on the page. */
export function wantToasts(): void {
  isWanted = true;
  for (const listener of listeners) listener();
}

/** Where toasts appear, once there is one: until then it would only make every page heavier. */
export function Toasts() {
  const isShown = useSyncExternalStore(
    subscribe,
    () => isWanted,
    () => false,
  );
  if (!isShown) return null;
  return (
    <Suspense>
      <Notifications position="bottom-center" autoClose={8_000} limit={4} />
    </Suspense>
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
