"use client";

import { Fragment, type ReactNode, useState } from "react";

type FactsAndConnectionProps = {
  /** As the page was opened: a test that ends here moves nothing. */
  hasFailed: boolean;
  facts: ReactNode;
  connection: ReactNode;
};

export function FactsAndConnection({ hasFailed, facts, connection }: FactsAndConnectionProps) {
  const [isConnectionFirst] = useState(hasFailed);
  const first = <Fragment key="connection">{connection}</Fragment>;
  const second = <Fragment key="facts">{facts}</Fragment>;
  return isConnectionFirst ? [first, second] : [second, first];
}
