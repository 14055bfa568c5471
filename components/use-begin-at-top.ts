"use client";

import { useEffect, useLayoutEffect, useRef } from "react";

/**
 * Begins every page at its top. Next.js leaves a page that is scrolled by less than the height of the header
 * where it is, because its content can be seen. Back and forward find the place of before.
 */
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
