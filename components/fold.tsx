"use client";

import { type ReactNode, type ToggleEvent, useState } from "react";

type FoldProps = { className: string | undefined; summary: ReactNode; children: ReactNode };

/** Renders its content only once opened. */
export function Fold({ className, summary, children }: FoldProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      className={className}
      onToggle={(event: ToggleEvent<HTMLDetailsElement>) => setOpen(event.currentTarget.open)}
    >
      <summary>{summary}</summary>
      {isOpen && children}
    </details>
  );
}
