import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useSearchParams } from "next/navigation";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import type { Page } from "@/lib/kernel/paging/schema";
import classes from "./row-selection.module.css";
import { keep, kept } from "./tab-memory";

const SELECTED = "selected ";

/** Ticked on any pages, or all the list shows. */
export type Selected = {
  count: number;
  isAll: boolean;
  values: () => string[];
  /** Empty when all are selected. */
  names: () => string[];
  /** Selects only these, on whatever pages. */
  keep: (rows: readonly KeptRow[]) => void;
};

export type KeptRow = { id: string; name: string };

type RowSelectionProps = {
  /** Name of the boxes; their `data-label` names the row. */
  name: string;
  /** Given, ticks survive paging, and all can be selected. */
  total?: Page<unknown>["total"];
  toolbar: (selected: Selected) => ReactNode;
  children: ReactNode;
};

type State = { count: number; hidden: number; isPage: boolean; isAll: boolean };

function useTicks(name: string, total: RowSelectionProps["total"]) {
  const table = useRef<HTMLDivElement>(null);
  const view = viewOf(useSearchParams());
  const [state, setState] = useState<State>({ count: 0, hidden: 0, isPage: false, isAll: false });
  const { isAll } = state;

  // The boxes alone know what is ticked on this page.
  const boxes = () => [
    ...(table.current?.querySelectorAll<HTMLInputElement>(`input[name=${name}]`) ?? []),
  ];
  const ticked = () => boxes().filter(({ checked }) => checked);
  const read = () => (total ? readKept(name, view) : new Map(ticked().map(entryOf)));
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
    setState((was) => (JSON.stringify(was) === JSON.stringify(next) ? was : next));
  };
  const set = (kept: Map<string, string>) => {
    if (total) writeKept(name, view, kept);
    show(kept, false);
  };
  /** This page's boxes and other pages' ticks. */
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
  /** A kept tick would come back with the page. */
  const takeAll = () => {
    writeKept(name, view, new Map());
    show(new Map(), true);
  };
  // After "all", none was ticked, so names are passed in.
  const keep = (rows: readonly KeptRow[]) => set(new Map(rows.map(({ id, name }) => [id, name])));
  // Rows change with every page and refresh.
  useEffect(() => show(read(), isAll));
  return { table, state, read, tickPage, onTick, takeAll, keep };
}

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
        {total && isPage && !isAll && (total.isCapped || total.count > count) && (
          <Button size="compact-sm" variant="default" onClick={takeAll}>
            Select all {totalText(total)}
          </Button>
        )}
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

/** Shift repeats the click on all boxes since the last one. */
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

/** Unseen ticks are changed too: say so. */
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

function entryOf(box: HTMLInputElement): [string, string] {
  return [box.value, box.dataset.label ?? ""];
}

export function totalText({ count, isCapped }: Page<unknown>["total"]): string {
  return `${count.toLocaleString("en")}${isCapped ? "+" : ""}`;
}

/** Kept by the tab, with names, over pages and reloads. */
type Kept = ReadonlyMap<string, string>;

/** Search, filters and view: what was ticked in another one is not changed unseen. */
function viewOf(address: URLSearchParams): string {
  const view = new URLSearchParams(address);
  for (const name of PLACES) view.delete(name);
  view.sort();
  return `${view}`;
}

const PLACES = ["after", "before", "row", "limit", "sort", "direction"];

function readKept(list: string, view: string): Map<string, string> {
  const [of, selected] = JSON.parse(kept(SELECTED + list) ?? "[]");
  return new Map<string, string>(of === view ? selected : []);
}

function writeKept(list: string, view: string, selected: Kept): void {
  keep(SELECTED + list, JSON.stringify([view, [...selected]]));
}

/** Deleted rows are no longer selected. */
export function dropKept(list: string, value: string): void {
  const view = viewOf(new URLSearchParams(window.location.search));
  const selected = readKept(list, view);
  if (selected.delete(value)) writeKept(list, view, selected);
}
