import { useState } from "react";
import { notifySuccess } from "@/components/notify";
import type { KeptRow } from "@/components/row-selection";
import { attempt, useAnswer } from "@/components/use-action";
import {
  type BulkResult,
  type ChangeAccounts,
  PART,
  type SelectedNow,
  type Selection,
} from "@/lib/email-accounts/bulk/schema";
import type { ActionResult } from "@/lib/http/schema";
import {
  changeAccountsAction,
  countAccountsAction,
  deleteAccountsAction,
  findSelectedAction,
} from "./actions";
import type { PartsResult } from "./bulk-parts";
import { changedText } from "./bulk-result";
import type { BulkWish } from "./bulk-wishes";
import { useParts } from "./use-parts";

export type Change = ChangeAccounts["change"];

type Bulk = {
  wish: BulkWish;
  selection: Selection;
  names: readonly string[];
  onDone: (left: readonly KeptRow[]) => void;
  onClose: () => void;
};

export function useBulk({ wish, selection, names, onDone, onClose }: Bulk) {
  const [left, setLeft] = useState(() => rowsOf(selection, names));
  // Unknown totals and missing accounts can't be confirmed.
  const known: SelectedNow | null = left && { count: left.length, missing: 0 };
  const { data, problem } = useAnswer(async () =>
    known ? { ok: true, data: known } : countAccountsAction(selection),
  );
  const now = known ?? data;
  const seen = { expected: now?.count || undefined, seenAs: now?.seenAs };
  const [chosen, setChosen] = useState(WITHOUT_CHOICE[wish] ?? null);
  const [result, setResult] = useState<PartsResult | null>(null);
  const asked = left === null ? selection : selectionOf(left.map(({ id }) => id));

  const finish = (done: PartsResult) => {
    const notDone = [...done.left, ...done.refused];
    onDone(notDone);
    if (notDone.length > 0 || done.missing > 0) return setResult(done);
    notifySuccess(changedText(wish, done));
    onClose();
  };
  const change = (which: Selection) => {
    if (wish === "delete") return deleteAccountsAction({ selection: which, ...seen });
    if (chosen === null) throw new Error("Nothing was chosen.");
    return changeAccountsAction({ selection: which, change: chosen, ...seen });
  };
  const { progress, run, stop } = useParts(finish);
  const runParts = (rows: readonly KeptRow[]) =>
    run(rows, (ids, isStillWanted) => attempt(() => change(selectionOf(ids)), isStillWanted));
  const confirm = async (): Promise<ActionResult<BulkResult | readonly KeptRow[]>> => {
    if ((seen.expected ?? 0) <= PART) return change(asked);
    return left ? { ok: true, data: left } : findSelectedAction({ selection, ...seen });
  };
  const onConfirmed = (data: BulkResult | readonly KeptRow[]) =>
    "changed" in data ? finish({ ...data, left: [], problem: null }) : runParts(data);
  /** Unfinished parts continue; refused ones are confirmed again. */
  const retry = () => {
    setResult(null);
    if (result && result.left.length > 0) runParts([...result.left, ...result.refused]);
    else setLeft(result?.refused ?? null);
  };
  const state = {
    now,
    problem,
    chosen,
    setChosen,
    asked,
    isAgain: left !== null,
    result,
    progress,
  };
  return { ...state, confirm, onConfirmed, retry, stop };
}

const selectionOf = (emailAccountIds: string[]): Selection => ({
  accounts: "selected",
  emailAccountIds,
});

/** More than one request may name, so they are kept here. null where the server is asked. */
function rowsOf(selection: Selection, names: readonly string[]): readonly KeptRow[] | null {
  if (selection.accounts === "all" || selection.emailAccountIds.length <= PART) return null;
  return selection.emailAccountIds.map((id, index) => ({ id, name: names[index] ?? "" }));
}

const WITHOUT_CHOICE: Partial<Record<BulkWish, Change>> = {
  activate: { set: "active", to: true },
  deactivate: { set: "active", to: false },
};
