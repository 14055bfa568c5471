"use client";

import { Button, Group } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { Page } from "@/lib/kernel/paging/schema";
import { readKept, writeKept } from "./kept-selection";
import classes from "./row-selection.module.css";

/** The selected rows: those that were ticked, on whatever pages, or all that the list shows. */
export type Selected = {
  count: number;
  isAll: boolean;
  values: () => string[];
  /** Selects these alone. */
  set: (values: readonly string[]) => void;
};

type RowSelectionProps = {
  /** Of the boxes with which rows are ticked. */
  name: string;
  /**
   * How many rows the list shows on all of its pages: ticks survive paging and filters then, and all can
   * be selected. Without it a selection is of the page.
   */
  total?: Page<unknown>["total"];
  toolbar: (selected: Selected) => ReactNode;
  /** The table with a box in each row. */
  children: ReactNode;
};

type State = { count: number; isPage: boolean; isAll: boolean };

/** A box that ticks all rows of a page, and what can be done with those that are ticked. */
export function RowSelection({ name, total, toolbar, children }: RowSelectionProps) {
  const table = useRef<HTMLDivElement>(null);
  const [{ count, isPage, isAll }, setState] = useState<State>(NOTHING);

  // The server renders the rows: only their boxes know which are ticked on this page.
  const boxes = () => [
    ...(table.current?.querySelectorAll<HTMLInputElement>(`input[name=${name}]`) ?? []),
  ];
  const ticked = () => boxes().flatMap(({ checked, value }) => (checked ? [value] : []));
  const read = () => (total ? readKept(name) : new Set(ticked()));
  const show = (kept: ReadonlySet<string>) => {
    const shown = boxes();
    for (const box of shown) box.checked = kept.has(box.value);
    const now = {
      count: kept.size,
      isPage: shown.length > 0 && shown.every(({ checked }) => checked),
    };
    setState((was) => {
      const next = { ...now, isAll: was.isAll && now.isPage };
      return isSame(was, next) ? was : next;
    });
  };
  const set = (values: Iterable<string>) => {
    const kept = new Set(values);
    if (total) writeKept(name, kept);
    show(kept);
  };
  const take = () => {
    const kept = read();
    for (const { checked, value } of boxes())
      if (checked) kept.add(value);
      else kept.delete(value);
    set(kept);
  };
  const tickPage = (isTicked: boolean) => {
    for (const box of boxes()) box.checked = isTicked;
    take();
  };
  // Rows come and go with every page and every refresh.
  useEffect(() => show(read()));

  return (
    <>
      <Group mb="sm" gap="sm">
        <label className={classes.all}>
          <input
            type="checkbox"
            checked={isPage}
            onChange={(event) => tickPage(event.currentTarget.checked)}
          />
          Select this page
        </label>
        {total && isPage && !isAll && (
          <TakeAll
            total={total}
            count={count}
            onTake={() => setState({ count, isPage, isAll: true })}
          />
        )}
        {toolbar({
          count: isAll && total ? total.count : count,
          isAll,
          values: () => [...read()],
          set,
        })}
      </Group>
      <div ref={table} onChange={take}>
        {children}
      </div>
    </>
  );
}

type TakeAllProps = { total: Page<unknown>["total"]; count: number; onTake: () => void };

/** Beyond the page: everything that the list shows. */
function TakeAll({ total, count, onTake }: TakeAllProps) {
  if (!total.isCapped && total.count <= count) return null;
  return (
    <Button size="compact-sm" variant="subtle" onClick={onTake}>
      Select all {totalText(total)}
    </Button>
  );
}

const NOTHING: State = { count: 0, isPage: false, isAll: false };

function isSame(one: State, other: State): boolean {
  return one.count === other.count && one.isPage === other.isPage && one.isAll === other.isAll;
}

export function totalText({ count, isCapped }: Page<unknown>["total"]): string {
  return `${count.toLocaleString("en")}${isCapped ? "+" : ""}`;
}
