"use client";

import { useSearchParams } from "next/navigation";
import { useEffect, useRef } from "react";

/**
 * What the address of a page asks for beside showing it, such as `?test=now`: done once, and taken out of the
 * address, so that a reload or the way back does not do it again.
 */
export function useWish(name: string, fulfil: (wish: string) => void): void {
  const wish = useSearchParams().get(name);
  const latest = useRef(fulfil);
  useEffect(() => {
    latest.current = fulfil;
  });
  useEffect(() => {
    if (wish === null) return;
    const address = new URL(window.location.href);
    address.searchParams.delete(name);
    window.history.replaceState(null, "", address);
    latest.current(wish);
  }, [wish, name]);
}
