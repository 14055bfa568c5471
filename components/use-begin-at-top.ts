"use client";

import { useEffect, useLayoutEffect, useRef } from "react";

/** Next.js does not scroll pages that are scrolled by less than the header. */
export function useBeginAtTop(pathname: string): void {
  const wentBackTo = useRef<string | null>(null);
  const shown = useRef(pathname);
  useEffect(() => {
    const remember = () => {
      wentBackTo.current = window.location.pathname;
    };
    window.addEventListener("popstate", remember);
    return () => window.removeEventListener("popstate", remember);
  }, []);
  useLayoutEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    const isBack = wentBackTo.current === pathname;
    wentBackTo.current = null;
    if (!isBack && window.location.hash === "") window.scrollTo({ top: 0, behavior: "instant" });
  }, [pathname]);
}
