"use client";

import { Text } from "@mantine/core";
import { useEffect, useEffectEvent, useState } from "react";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { namesText } from "@/components/names-text";
import { notifySuccess } from "@/components/notify";
import type { KeptRow } from "@/components/row-selection";
import { attempt } from "@/components/use-action";
import type {
  ChangeAccounts,
  BulkResult as Result,
  SelectedNow,
  Selection,
} from "@/lib/email-accounts/bulk/schema";
import { FAILED_TESTS_REPEAT } from "@/lib/email-accounts/schema";
import type { ActionError } from "@/lib/http/schema";
import { changeAccountsAction, countAccountsAction, deleteAccountsAction } from "./actions";
import { BulkField } from "./bulk-field";
import { BulkResult, changedText } from "./bulk-result";
import { accountsText, BULK_WISHES, type BulkWish } from "./bulk-wishes";
import { RefusedUsers } from "./refused-users";

type BulkDialogProps = {
  wish: BulkWish;
  selection: Selection;
  /** Of those that were ticked. */
  names: readonly string[];
  /** What stays selected: those that could not be changed. */
  onDone: (left: readonly KeptRow[]) => void;
  onClose: () => void;
};

type Change = ChangeAccounts["change"];

/** Asks once, says what stops, and afterwards what became of each. */
export function BulkDialog(props: BulkDialogProps) {
  const { wish, names, onDone, onClose } = props;
  const [left, setLeft] = useState<string[] | null>(null);
  const selection: Selection =
    left === null ? props.selection : { accounts: "selected", emailAccountIds: left };
  const { now, problem } = useSelectedNow(props.selection, left);
  const count = now?.count ?? 0;
  const [chosen, setChosen] = useState<Change | null>(WITHOUT_CHOICE[wish] ?? null);
  const [result, setResult] = useState<Result | null>(null);
  const { verb } = BULK_WISHES[wish];

  const run = () => {
    if (wish === "delete") return deleteAccountsAction({ selection, expected: count || undefined });
    if (chosen === null) throw new Error("Nothing was chosen.");
    return changeAccountsAction({ selection, change: chosen, expected: count || undefined });
  };
  const finish = (done: Result) => {
    onDone(done.refused);
    if (done.refused.length > 0 || done.missing > 0) return setResult(done);
    notifySuccess(changedText(wish, done));
    onClose();
  };

  const retry = () => {
    setLeft(result?.refused.map(({ id }) => id) ?? null);
    setResult(null);
  };

  if (result) return <BulkResult wish={wish} result={result} onRetry={retry} onClose={onClose} />;
  return (
    <ConfirmDialog
      title={count === 0 ? verb : `${verb}: ${accountsText(count)}`}
      confirmLabel={count === 0 ? verb : `${verb} (${count.toLocaleString("en")})`}
      problem={problem}
      isDangerous={stops(wish)}
      deletes={wish === "delete" ? count : 0}
      isDisabled={!count || (wish !== "delete" && chosen === null)}
      action={run}
      onSuccess={finish}
      onClose={onClose}
    >
      <WhatStops wish={wish} selection={selection} />
      {now && <SelectedText now={now} names={left === null ? names : []} />}
      <BulkField wish={wish} onChange={setChosen} />
    </ConfirmDialog>
  );
}

function stops(wish: BulkWish): wish is "delete" | "deactivate" {
  return wish === "delete" || wish === "deactivate";
}

function WhatStops({ wish, selection }: { wish: BulkWish; selection: Selection }) {
  return (
    <>
      <Text size="sm">{CONSEQUENCES[wish]}</Text>
      {stops(wish) && <RefusedUsers selection={selection} what={wish} />}
    </>
  );
}

/** The accounts concerned, those already gone, and that all change or none. */
function SelectedText({ now, names }: { now: SelectedNow; names: readonly string[] }) {
  const { count, missing } = now;
  return (
    <>
      {names.length > 0 && <Text size="sm">{namesText(names)}</Text>}
      {missing > 0 && (
        <Text size="sm" c="var(--mantine-color-error)">
          {accountsText(missing)} of your selection {missing === 1 ? "was" : "were"} deleted in the
          meantime.
        </Text>
      )}
      {count > 1 && (
        <Text size="sm" c="dimmed">
          They change in one step. If Postkey stops before it is done, none of them changes.
        </Text>
      )}
    </>
  );
}

/** Null until the count is known: “1,000+”, or accounts that are gone, can't be confirmed. */
function useSelectedNow(selection: Selection, left: string[] | null) {
  const [now, setNow] = useState<SelectedNow | null>(null);
  const [problem, setProblem] = useState<ActionError | null>(null);
  const ask = useEffectEvent(async () => {
    const result = await attempt(() => countAccountsAction(selection));
    if (result.ok) setNow(result.data);
    else setProblem(result.error);
  });
  useEffect(() => void ask(), []);
  return { now: left ? { count: left.length, missing: 0 } : now, problem };
}

const WITHOUT_CHOICE: Partial<Record<BulkWish, Change>> = {
  activate: { set: "active", to: true },
  deactivate: { set: "active", to: false },
};

const CONSEQUENCES: Readonly<Record<BulkWish, string>> = {
  contactListId: "New senders of these accounts are saved to this list from now on.",
  cloudProviderId:
    "These accounts use the sign-ins of this provider from now on. An account whose user name is not signed in there stops working until it is. Sign in then shows who has to sign in.",
  testSchedule: `Postkey tests these accounts at this interval, spread evenly. ${FAILED_TESTS_REPEAT}`,
  activate: "Programs get tokens for these accounts again, and scheduled tests resume.",
  deactivate:
    "Programs get no tokens for these accounts: sending and receiving stops until you activate them again.",
  delete:
    "Programs that use these accounts stop sending and receiving. Their test reports are deleted; the sign-ins at their providers stay. This can't be undone.",
};
