"use client";

import { Fragment, type ReactNode, useState } from "react";

type FactsAndConnectionProps = {
  /** Whether the last test failed when the page was opened: what it found is told first. */
  hasFailed: boolean;
  facts: ReactNode;
  connection: ReactNode;
};

/** What an account is, and whether it works. A test that ends on this page moves neither of them. */
export function FactsAndConnection({ hasFailed, facts, connection }: FactsAndConnectionProps) {
  const [isConnectionFirst] = useState(hasFailed);
  const first = <Fragment key="connection">{connection}</Fragment>;
  const second = <Fragment key="facts">{facts}</Fragment>;
  return isConnectionFirst ? [first, second] : [second, first];
}
