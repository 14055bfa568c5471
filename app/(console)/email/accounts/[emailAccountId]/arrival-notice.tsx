"use client";

import { type ReactNode, useState } from "react";

type ArrivalNoticeProps = {
  isKept: boolean;
  /** Whether the sign-in stands: good news is kept no longer than it is true. */
  isTrue: boolean;
  children: ReactNode;
};

/** What came of a sign-in, said on the way back from it: it stays until the page is left, although the address no longer asks for it. */
export function ArrivalNotice({ isKept, isTrue, children }: ArrivalNoticeProps) {
  const [kept, keep] = useState<ReactNode>(null);
  if (isKept && isTrue && children !== kept) keep(children);
  if (!isTrue && kept !== null) keep(null);
  return children ?? kept;
}
