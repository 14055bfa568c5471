"use client";

import { useEffect } from "react";

/**
 * Takes out of the address what it said and what is done by now, so that a reload, or the way back, does not do it
 * again. A moment later, and again should it be back: Next.js follows what an address is set to from its own effects
 * on, which come after those of the page, and its next refresh writes over what was set before.
 */
export function useToldParams(names: readonly string[], isDone: boolean): void {
  useEffect(() => {
    if (!isDone || withoutParams(names) === null) return;
    const timer = setTimeout(() => {
      const address = withoutParams(names);
      if (address) window.history.replaceState(null, "", address);
    });
    return () => clearTimeout(timer);
  });
}

/** @returns null where the address has none of them */
function withoutParams(names: readonly string[]): URL | null {
  const address = new URL(window.location.href);
  const told = names.filter((name) => address.searchParams.has(name));
  for (const name of told) address.searchParams.delete(name);
  return told.length > 0 ? address : null;
}
