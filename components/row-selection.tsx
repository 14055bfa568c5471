"use client";

import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import type { Page } from "@/lib/kernel/paging/schema";
import { type Kept, readKept, writeKept } from "./kept-selection";
import classes from "./row-selection.module.css";

/** What is selected: rows that were ticked, on whatever pages, or all that the list shows. */
export type Selected = {
  count: number;
  isAll: boolean;
  values: () => string[];
  /** The names of those that were ticked; empty where all are selected. */
  names: () => string[];
  /** Leaves these alone selected, on whatever pages they are. */
  keep: (rows: readonly KeptRow[]) => void;
};

export type KeptRow = { id: string; name: string };

type RowSelectionProps = {
  /** Of the boxes with which rows are ticked; `data-label` of a box is what its row is called. */
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

type State = { count: number; hidden: number; isPage: boolean; isAll: boolean };

/** The boxes of the page, and what was ticked on others. */
function useTicks(name: string, total: RowSelectionProps["total"]) {
  const table = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<State>(NOTHING);
  const { isAll } = state;

  // The rows are the server's: what is ticked on this page stands in their boxes alone.
  const boxes = () => [
    ...(table.current?.querySelectorAll<HTMLInputElement>(`input[name=${name}]`) ?? []),
  ];
  const ticked = () => boxes().filter(({ checked }) => checked);
  const read = () => (total ? readKept(name) : new Map(ticked().map(entryOf)));
  const show = (kept: Kept, isEverything: boolean) => {
    const shown = boxes();
    for (const box of shown) box.checked = isEverything || kept.has(box.value);
    const onPage = shown.filter(({ checked }) => checked).length;
    const next = {
      count: kept.size,
      hidden: kept.size - shown.filter(({ value }) => kept.has(value)).length,
      isPage: shown.length > 0 && onPage === shown.length,
      isAll: isEverything,
    };
    setState((was) => (isSame(was, next) ? was : next));
  };
  const set = (kept: Map<string, string>) => {
    if (total) writeKept(name, kept);
    show(kept, false);
  };
  /** After a tick: what the boxes of this page say, beside what was ticked on others. */
  const take = () => {
    const kept = isAll ? new Map<string, string>() : read();
    for (const box of boxes())
      if (box.checked) kept.set(...entryOf(box));
      else kept.delete(box.value);
    set(kept);
  };
  const tickPage = (isTicked: boolean) => {
    for (const box of boxes()) box.checked = isTicked;
    take();
  };
  const tickRange = useRange(boxes);
  const onTick = (event: FormEvent) => {
    tickRange(event);
    take();
  };
  /** The page no longer tells them apart, and a tick that was kept would come back when the page does. */
  const takeAll = () => {
    writeKept(name, new Map());
    show(new Map(), true);
  };
  // Where all were selected, none of them was ticked: their names come with them.
  const keep = (rows: readonly KeptRow[]) => set(new Map(rows.map(({ id, name }) => [id, name])));
  // Rows come and go with every page and every refresh.
  useEffect(() => show(read(), isAll));
  return { table, state, read, tickPage, onTick, takeAll, keep };
}

/** A box that ticks all rows of a page, and what can be done with those that are ticked. */
export function RowSelection({ name, total, toolbar, children }: RowSelectionProps) {
  const { table, state, read, tickPage, onTick, takeAll, keep } = useTicks(name, total);
  const { count, hidden, isPage, isAll } = state;
  return (
    <>
      <div className={classes.bar} data-selected={count > 0 || isAll || undefined}>
        <label className={classes.all}>
          <input
            type="checkbox"
            checked={isPage}
            onChange={(event) => tickPage(event.currentTarget.checked)}
          />
          Select this page
        </label>
        {total && isPage && !isAll && <TakeAll total={total} count={count} onTake={takeAll} />}
        {toolbar({
          count: isAll && total ? total.count : count,
          isAll,
          values: () => [...read().keys()],
          names: () => (isAll ? [] : [...read().values()]),
          keep,
        })}
        {hidden > 0 && !isAll && (
          <Elsewhere count={count} hidden={hidden} onClear={() => keep([])} />
        )}
      </div>
      <div ref={table} onChange={onTick}>
        {children}
      </div>
    </>
  );
}

/** With Shift, a click on a box does the same to all boxes from the last one that was clicked. */
function useRange(boxes: () => HTMLInputElement[]) {
  const last = useRef<HTMLInputElement>(undefined);
  return ({ target, nativeEvent }: FormEvent) => {
    const all = boxes();
    const [before, clicked] = [last.current, all.find((box) => box === target)];
    last.current = clicked;
    const isRange = nativeEvent instanceof MouseEvent && nativeEvent.shiftKey;
    if (!isRange || !before || !clicked || !all.includes(before)) return;
    const places = [all.indexOf(before), all.indexOf(clicked)];
    for (const box of all.slice(Math.min(...places), Math.max(...places) + 1))
      box.checked = clicked.checked;
  };
}

type ElsewhereProps = { count: number; hidden: number; onClear: () => void };

/** What was ticked before and is not seen now is changed with the rest: that must not surprise anyone. */
function Elsewhere({ count, hidden, onClear }: ElsewhereProps) {
  const isNone = hidden === count;
  const which = isNone ? "none of them" : `${hidden.toLocaleString("en")} of them not`;
  return (
    <div className={classes.elsewhere} role="status">
      <IconAlertTriangle size={16} aria-hidden />
      <strong>
        {count.toLocaleString("en")} selected, {which} on this page
      </strong>
      {isNone && (
        <Button size="compact-sm" variant="default" onClick={onClear}>
          Clear selection
        </Button>
      )}
    </div>
  );
}

type TakeAllProps = { total: Page<unknown>["total"]; count: number; onTake: () => void };

/** Beyond the page: everything that the list shows. */
function TakeAll({ total, count, onTake }: TakeAllProps) {
  if (!total.isCapped && total.count <= count) return null;
  return (
    <Button size="compact-sm" variant="default" onClick={onTake}>
      Select all {totalText(total)}
    </Button>
  );
}

const NOTHING: State = { count: 0, hidden: 0, isPage: false, isAll: false };

function isSame(one: State, other: State): boolean {
  return (
    one.count === other.count &&
    one.hidden === other.hidden &&
    one.isPage === other.isPage &&
    one.isAll === other.isAll
  );
}

function entryOf(box: HTMLInputElement): [string, string] {
  return [box.value, box.dataset.label ?? ""];
}

export function totalText({ count, isCapped }: Page<unknown>["total"]): string {
  return `${count.toLocaleString("en")}${isCapped ? "+" : ""}`;
}
