"use client";

import { type ReactNode, useState } from "react";

type KeptProps = { isKept: boolean; children: ReactNode };

/** What was said on arrival stays while one is there, although the address no longer asks for it. */
export function Kept({ isKept, children }: KeptProps) {
  const [kept, keep] = useState<ReactNode>(null);
  if (isKept && children !== kept) keep(children);
  return children ?? kept;
}
