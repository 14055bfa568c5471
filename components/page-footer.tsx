"use client";

import { type ReactNode, useEffect, useRef } from "react";
import classes from "./page.module.css";

const HEIGHT = "--postkey-page-footer";

/** Others at this edge learn its height. */
export function PageFooter({ children }: { children: ReactNode }) {
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = bar;
    if (!current) return;
    const { style } = document.documentElement;
    const observer = new ResizeObserver(() =>
      style.setProperty(HEIGHT, `${current.offsetHeight}px`),
    );
    observer.observe(current);
    return () => {
      observer.disconnect();
      style.removeProperty(HEIGHT);
    };
  }, []);
  return (
    <div ref={bar} className={classes.footer}>
      {children}
    </div>
  );
}
