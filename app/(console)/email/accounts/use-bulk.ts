import { useState } from "react";
import { notifySuccess } from "@/components/notify";
import type { KeptRow } from "@/components/row-selection";
import { attempt, useAnswer } from "@/components/use-action";
import {
  type BulkResult,
  type ChangeAccounts,
  PART,
  type Selection,
} from "@/lib/email-accounts/bulk/schema";
import {
  READS_BY_LABELS,
  SENDS_BY_LABELS,
  TEST_SCHEDULE_LABELS,
} from "@/lib/email-accounts/schema";
import type { ActionResult } from "@/lib/http/schema";
import { changeAccountsAction, deleteAccountsAction, findSelectedAction } from "./actions";
import { type PartsResult, useParts } from "./bulk-parts";
import { changedText } from "./bulk-result";
import type { BulkWish } from "./bulk-wishes";

export type Change = ChangeAccounts["change"];

export type Bulk = {
  wish: BulkWish;
  selection: Selection;
  names: readonly string[];
  /** What was not changed stays selected. */
  onDone: (left: readonly KeptRow[]) => void;
  onClose: () => void;
};

/** What is confirmed is changed, whatever the list shows meanwhile. */
export function useBulk({ wish, selection, names, onDone, onClose }: Bulk) {
  const [rows, setRows] = useState<readonly KeptRow[]>();
  const { problem } = useAnswer(() => findRows(selection, names), setRows);
  const [chosen, setChosen] = useState(WITHOUT_CHOICE[wish] ?? null);
  const [result, setResult] = useState<PartsResult | null>(null);
  const [isAgain, setAgain] = useState(false);

  const finish = (done: PartsResult) => {
    const left = [...done.left, ...done.refused];
    onDone(left);
    if (left.length > 0 || done.missing > 0) return setResult(done);
    notifySuccess(changedText(wish, done, inWords(chosen)));
    onClose();
  };
  const change = (emailAccountIds: string[]) => {
    const which = { accounts: "selected", emailAccountIds } as const;
    if (wish === "delete") return deleteAccountsAction({ selection: which });
    if (chosen === null) throw new Error("Nothing was chosen.");
    return changeAccountsAction({ selection: which, change: chosen });
  };
  const { progress, run, stop } = useParts(finish);
  const runParts = (which: readonly KeptRow[]) =>
    run(which, (ids, isStillWanted) => attempt(() => change(ids), isStillWanted));
  const confirm = async (): Promise<ActionResult<BulkResult | readonly KeptRow[]>> =>
    rows && rows.length <= PART ? change(idsOf(rows)) : { ok: true, data: rows ?? [] };
  const onConfirmed = (data: BulkResult | readonly KeptRow[]) =>
    "changed" in data ? finish({ ...data, left: [], problem: null }) : runParts(data);
  /** Unfinished parts continue; refused ones are confirmed again. */
  const retry = () => {
    setResult(null);
    setAgain(true);
    if (result && result.left.length > 0) runParts([...result.left, ...result.refused]);
    else setRows(result?.refused);
  };
  const asked: Selection =
    isAgain && rows ? { accounts: "selected", emailAccountIds: idsOf(rows) } : selection;
  const state = { rows, problem, chosen, setChosen, asked, isAgain, result, progress };
  return { ...state, confirm, onConfirmed, retry, stop };
}

const idsOf = (rows: readonly KeptRow[]) => rows.map(({ id }) => id);

/** More than one request may name are known by their ticks alone. */
async function findRows(selection: Selection, names: readonly string[]) {
  if (selection.accounts === "all" || selection.emailAccountIds.length <= PART)
    return findSelectedAction(selection);
  const data = selection.emailAccountIds.map((id, at) => ({ id, name: names[at] ?? "" }));
  return { ok: true, data } as const;
}

function inWords(change: Change | null): string | undefined {
  if (change?.set === "sendsBy") return SENDS_BY_LABELS[change.to];
  if (change?.set === "readsBy") return READS_BY_LABELS[change.to];
  return change?.set === "testSchedule" ? TEST_SCHEDULE_LABELS[change.to] : undefined;
}

const WITHOUT_CHOICE: Partial<Record<BulkWish, Change>> = {
  activate: { set: "active", to: true },
  deactivate: { set: "active", to: false },
};
