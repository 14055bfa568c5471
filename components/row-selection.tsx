"use client";

import { Group } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import classes from "./row-selection.module.css";

/** What is ticked on the page that is shown. */
export type Ticked = { count: number; values: () => string[]; untick: () => void };

type RowSelectionProps = {
  /** Of the boxes with which rows are ticked. */
  name: string;
  toolbar: (ticked: Ticked) => ReactNode;
  /** The table with a box in each row. */
  children: ReactNode;
};

/** A box that ticks all rows of a page, and what can be done with those that are ticked. */
export function RowSelection({ name, toolbar, children }: RowSelectionProps) {
  const table = useRef<HTMLDivElement>(null);
  const [{ count, isAll }, setTicked] = useState({ count: 0, isAll: false });

  // The rows are the server's: what is ticked stands in them alone.
  const boxes = () => [
    ...(table.current?.querySelectorAll<HTMLInputElement>(`input[name=${name}]`) ?? []),
  ];
  const chosen = () => boxes().filter(({ checked }) => checked);
  const recount = () => {
    const now = { count: chosen().length, isAll: false };
    now.isAll = now.count > 0 && now.count === boxes().length;
    setTicked((was) => (was.count === now.count && was.isAll === now.isAll ? was : now));
  };
  const tickAll = (isTicked: boolean) => {
    for (const box of boxes()) box.checked = isTicked;
    recount();
  };
  // Rows come and go with every refresh.
  useEffect(recount);

  return (
    <>
      <Group mb="sm" gap="sm">
        <label className={classes.all}>
          <input
            type="checkbox"
            checked={isAll}
            onChange={(event) => tickAll(event.currentTarget.checked)}
          />
          Select this page
        </label>
        {toolbar({
          count,
          values: () => chosen().map(({ value }) => value),
          untick: () => tickAll(false),
        })}
      </Group>
      <div ref={table} onChange={recount}>
        {children}
      </div>
    </>
  );
}
