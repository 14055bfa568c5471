import type { ReactNode } from "react";
import { AddressText } from "./address-text";
import { CopyIconButton } from "./copy-field";
import classes from "./fact-list.module.css";

/** One fact: what is shown, and for a value that people take elsewhere, what is copied. */
export type Fact = { label: string; value: ReactNode; copied?: string };

/** What there is to know about one thing, as names with their values. */
export function FactList({ facts }: { facts: Fact[] }) {
  return (
    <dl className={classes.list}>
      {facts.map(({ label, value, copied }) => (
        <div key={label} className={classes.fact}>
          <dt>{label}</dt>
          <dd>
            <span>{typeof value === "string" ? <AddressText address={value} /> : value}</span>
            {copied !== undefined && <CopyIconButton label={label} value={copied} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}
