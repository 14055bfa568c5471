"use client";

import { type ReactNode, useState } from "react";

type FoldProps = { className?: string | undefined; summary: ReactNode; children: ReactNode };

/** Renders its content only once opened. */
export function Fold({ className, summary, children }: FoldProps) {
  const [isOpen, setOpen] = useState(false);
  // It may be open before the page is ready.
  const read = (details: HTMLDetailsElement | null) => {
    if (details) setOpen(details.open);
  };
  return (
    <details ref={read} className={className} onToggle={(event) => read(event.currentTarget)}>
      <summary>{summary}</summary>
      {isOpen && children}
    </details>
  );
}
