import type { ReactNode } from "react";
import { AddressText } from "./address-text";
import { CopyIconButton } from "./copy-field";
import classes from "./fact-list.module.css";

/** `copied`: for values that people take elsewhere. */
export type Fact = { label: string; value: ReactNode; copied?: string };

export function copied(label: string, value: string): Fact {
  return { label, value, copied: value };
}

export function FactList({ facts }: { facts: readonly (Fact | false | null | "")[] }) {
  const shown = facts.filter((fact) => fact !== null && typeof fact === "object");
  return (
    <dl className={classes.list}>
      {shown.map(({ label, value, copied }) => (
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
