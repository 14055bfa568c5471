"use client";

import { Text } from "@mantine/core";
import { useState } from "react";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { notifySuccess } from "@/components/notify";
import type {
  ChangeAccounts,
  BulkResult as Result,
  Selection,
} from "@/lib/email-accounts/bulk/schema";
import { changeAccountsAction, deleteAccountsAction } from "./actions";
import { BulkField } from "./bulk-field";
import { BulkResult, changedText } from "./bulk-result";
import { accountsText, BULK_WISHES, type BulkWish } from "./bulk-wishes";

type BulkDialogProps = {
  wish: BulkWish;
  count: number;
  selection: Selection;
  /** How many accounts the list showed, where all were selected. */
  expected: number | undefined;
  /** What stays selected: those that could not be changed. */
  onDone: (left: string[]) => void;
  onClose: () => void;
};

type Change = ChangeAccounts["change"];

/** Asks once, says what stops, and afterwards what became of each. */
export function BulkDialog(props: BulkDialogProps) {
  const { wish, count, selection, expected, onDone, onClose } = props;
  const [chosen, setChosen] = useState<Change | null>(WITHOUT_CHOICE[wish] ?? null);
  const [result, setResult] = useState<Result | null>(null);
  const { verb } = BULK_WISHES[wish];

  const run = () => {
    if (wish === "delete") return deleteAccountsAction({ selection, expected });
    if (chosen === null) throw new Error("Nothing was chosen.");
    return changeAccountsAction({ selection, change: chosen, expected });
  };
  const finish = (done: Result) => {
    onDone(done.refused.map(({ id }) => id));
    if (done.refused.length > 0 || done.missing > 0) return setResult(done);
    notifySuccess(changedText(wish, done));
    onClose();
  };

  if (result) return <BulkResult wish={wish} result={result} onClose={onClose} />;
  return (
    <ConfirmDialog
      title={`${verb}: ${accountsText(count)}`}
      confirmLabel={`${verb} (${count.toLocaleString("en")})`}
      isDangerous={wish === "delete" || wish === "deactivate"}
      isDisabled={wish !== "delete" && chosen === null}
      action={run}
      onSuccess={finish}
      onClose={onClose}
    >
      <Text size="sm">{CONSEQUENCES[wish]}</Text>
      <BulkField wish={wish} onChange={setChosen} />
    </ConfirmDialog>
  );
}

const WITHOUT_CHOICE: Partial<Record<BulkWish, Change>> = {
  activate: { set: "active", to: true },
  deactivate: { set: "active", to: false },
};

const CONSEQUENCES: Readonly<Record<BulkWish, string>> = {
  contactListId: "New senders of these accounts are saved to this list from now on.",
  cloudProviderId:
    "These accounts use the sign-ins of this provider from now on. An account whose username is not signed in there stops until it is.",
  testSchedule: "Postkey tests these accounts as often as this, spread over the time.",
  activate: "Programs get tokens for these accounts again, and scheduled tests resume.",
  deactivate:
    "Programs get no tokens for these accounts: sending and receiving stops until you activate them again.",
  delete:
    "Programs that use these accounts stop sending and receiving. Their test reports are deleted; the sign-ins at their providers stay. This can't be undone.",
};
