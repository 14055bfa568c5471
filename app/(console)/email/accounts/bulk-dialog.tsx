"use client";

import { Button, Text } from "@mantine/core";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Dialog } from "@/components/dialog";
import { namesText } from "@/components/names-text";
import type { KeptRow } from "@/components/row-selection";
import { PART, type SelectedNow, type Selection } from "@/lib/email-accounts/bulk/schema";
import { FAILED_TESTS_REPEAT } from "@/lib/email-accounts/schema";
import { counted } from "@/lib/kernel/text/schema";
import { BulkField } from "./bulk-field";
import classes from "./bulk-progress.module.css";
import { BulkResult } from "./bulk-result";
import { BULK_VERBS, type BulkWish } from "./bulk-wishes";
import { RefusedUsers } from "./refused-users";
import { useBulk } from "./use-bulk";
import type { PartsProgress } from "./use-parts";

type BulkDialogProps = {
  wish: BulkWish;
  selection: Selection;
  names: readonly string[];
  /** What was not changed stays selected. */
  onDone: (left: readonly KeptRow[]) => void;
  onClose: () => void;
};

export function BulkDialog(props: BulkDialogProps) {
  const { wish, names, onClose } = props;
  const bulk = useBulk(props);
  const { now, chosen, result, progress } = bulk;
  const count = now?.count ?? 0;
  const verb = BULK_VERBS[wish];
  if (progress) return <BulkProgress wish={wish} progress={progress} onStop={bulk.stop} />;
  if (result)
    return <BulkResult wish={wish} result={result} onRetry={bulk.retry} onClose={onClose} />;
  return (
    <ConfirmDialog
      title={count === 0 ? verb : `${verb}: ${counted(count, "account")}`}
      confirmLabel={count === 0 ? verb : `${verb} (${count.toLocaleString("en")})`}
      problem={bulk.problem}
      isDangerous={stops(wish)}
      deletes={wish === "delete" ? count : 0}
      isDisabled={!count || (wish !== "delete" && chosen === null)}
      action={bulk.confirm}
      onSuccess={bulk.onConfirmed}
      onClose={onClose}
    >
      <WhatStops wish={wish} selection={bulk.asked} />
      {now && <SelectedText now={now} names={bulk.isAgain ? [] : names} />}
      <BulkField wish={wish} onChange={bulk.setChosen} />
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

function SelectedText({ now, names }: { now: SelectedNow; names: readonly string[] }) {
  const { count, missing } = now;
  return (
    <>
      {names.length > 0 && <Text size="sm">{namesText(names)}</Text>}
      {missing > 0 && (
        <Text size="sm" c="var(--mantine-color-error)">
          {counted(missing, "account")} of your selection {missing === 1 ? "was" : "were"} deleted
          in the meantime.
        </Text>
      )}
      {count > 1 && (
        <Text size="sm" c="dimmed">
          {count > PART ? IN_PARTS : IN_ONE}
        </Text>
      )}
    </>
  );
}

const IN_ONE = "They change in one step. If Postkey stops before it is done, none of them changes.";
const IN_PARTS = `They change ${PART.toLocaleString("en")} at a time, and you can stop in between. Accounts that are done stay changed.`;

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

type BulkProgressProps = { wish: BulkWish; progress: PartsProgress; onStop: () => void };

function BulkProgress({ wish, progress, onStop }: BulkProgressProps) {
  const { done, total, isStopping } = progress;
  return (
    <Dialog
      title={`${BULK_VERBS[wish]}: ${counted(total, "account")}`}
      staysOpen
      onClose={onStop}
      buttons={
        <Button variant="default" disabled={isStopping} onClick={onStop}>
          {isStopping ? "Stopping …" : "Stop"}
        </Button>
      }
    >
      <div role="status">
        <progress className={classes.progress} value={done} max={total} aria-label="Done" />
        <Text size="sm" mt={6}>
          {done.toLocaleString("en")} of {total.toLocaleString("en")} done.
        </Text>
      </div>
      <Text size="sm" c="dimmed">
        Keep this page open. If you close it or Postkey restarts, the accounts that are done stay
        changed and the others stay as they are.
      </Text>
    </Dialog>
  );
}
