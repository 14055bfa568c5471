import { Button, Loader, Text } from "@mantine/core";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Dialog } from "@/components/dialog";
import { routes } from "@/components/routes";
import type { KeptRow, Selected } from "@/components/row-selection";
import { leaveFor, useAnswer } from "@/components/use-action";
import type { ForeseenTestRun } from "@/lib/checks/runs/queries";
import { MAX_TESTED, TOO_MANY_TO_TEST } from "@/lib/checks/runs/schema";
import { leftOutText } from "@/lib/checks/runs/told";
import { PART, type Selection } from "@/lib/email-accounts/bulk/schema";
import { counted, listed } from "@/lib/kernel/text/schema";
import { BulkField } from "./bulk-field";
import type { PartsProgress } from "./bulk-parts";
import classes from "./bulk-progress.module.css";
import { BulkResult } from "./bulk-result";
import { BulkSignInDialog } from "./bulk-sign-in-dialog";
import { type BulkWish, WISHES } from "./bulk-wishes";
import { RefusedUsers } from "./refused-users";
import { foreseeTestRunAction, startTestRunAction } from "./tests/actions";
import { type Bulk, useBulk } from "./use-bulk";

export type ManyWish = BulkWish | "sign_in" | "test_many";

type ManyAccountsDialogProps = {
  wish: ManyWish;
  selected: Selected;
  selection: Selection;
  onClose: () => void;
};

export function ManyAccountsDialog({ wish, selected, ...props }: ManyAccountsDialogProps) {
  if (wish === "test_many") return <TestManyDialog {...props} />;
  if (wish === "sign_in") return <BulkSignInDialog {...props} onDone={() => selected.keep([])} />;
  return <BulkDialog {...props} wish={wish} names={selected.names()} onDone={selected.keep} />;
}

function BulkDialog(props: Bulk) {
  const { wish, selection, onClose } = props;
  const bulk = useBulk(props);
  const { rows, chosen, result, progress } = bulk;
  const count = rows?.length ?? 0;
  const { verb } = WISHES[wish];
  if (progress) return <BulkProgress verb={verb} progress={progress} onStop={bulk.stop} />;
  if (result)
    return <BulkResult wish={wish} result={result} onRetry={bulk.retry} onClose={onClose} />;
  const isNamed = selection.accounts === "selected" && !bulk.isAgain;
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
      <Text>{WISHES[wish].means}</Text>
      {stops(wish) && <RefusedUsers selection={bulk.asked} what={wish} />}
      {rows && (
        <SelectedText
          rows={rows}
          missing={isNamed ? selection.emailAccountIds.length - count : 0}
        />
      )}
      <BulkField wish={wish} onChange={bulk.setChosen} />
    </ConfirmDialog>
  );
}

function stops(wish: BulkWish): wish is "delete" | "deactivate" {
  return wish === "delete" || wish === "deactivate";
}

function SelectedText({ rows, missing }: { rows: readonly KeptRow[]; missing: number }) {
  return (
    <>
      {rows.length > 0 && (
        <Text>
          {listed(
            rows.map(({ name }) => name),
            rows.length,
            8,
          )}
          .
        </Text>
      )}
      {missing > 0 && (
        <Text c="var(--mantine-color-error)">
          {counted(missing, "account")} of your selection {missing === 1 ? "was" : "were"} deleted
          in the meantime.
        </Text>
      )}
      {rows.length > 1 && <Text c="dimmed">{rows.length > PART ? IN_PARTS : IN_ONE}</Text>}
    </>
  );
}

const IN_ONE = "They change in one step. Accounts that can't be changed stay as they are.";
const IN_PARTS = `They change ${PART.toLocaleString("en")} at a time, and you can stop in between. Accounts that are done stay changed.`;

type BulkProgressProps = { verb: string; progress: PartsProgress; onStop: () => void };

function BulkProgress({ verb, progress, onStop }: BulkProgressProps) {
  const { done, total, isStopping } = progress;
  return (
    <Dialog
      title={`${verb}: ${counted(total, "account")}`}
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
        <Text mt={6}>
          {done.toLocaleString("en")} of {total.toLocaleString("en")} done.
        </Text>
      </div>
      <Text c="dimmed">
        Keep this page open. If you close it or Postkey restarts, the accounts that are done stay
        changed and the others stay as they are.
      </Text>
    </Dialog>
  );
}

function TestManyDialog({ selection, onClose }: { selection: Selection; onClose: () => void }) {
  const { data: foreseen, problem } = useAnswer(() => foreseeTestRunAction(selection));
  const accounts = foreseen?.accounts ?? 0;
  const isTooMany = accounts > MAX_TESTED;
  return (
    <ConfirmDialog
      title={foreseen ? `Test ${counted(accounts, "account")}?` : "Test many accounts?"}
      confirmLabel="Start the tests"
      isDisabled={accounts === 0 || isTooMany}
      problem={isTooMany ? { code: "unprocessable", message: TOO_MANY_TO_TEST } : problem}
      action={() => startTestRunAction(selection)}
      onSuccess={(started) => leaveFor(routes.testRun(started.id))}
      onClose={onClose}
    >
      {!foreseen && !problem && <Loader size="sm" />}
      {foreseen && !isTooMany && <Text>{foreseenText(foreseen)}</Text>}
      {!isTooMany && (
        <Text>The run goes on when you leave the page. You can cancel it at any time.</Text>
      )}
    </ConfirmDialog>
  );
}

/** Seconds per test, from a fast nearby server to a slow distant one. */
const LIKELY_SECONDS = [1, 3] as const;

/** At the pace of the last run or, before the first, of likely tests. */
function foreseenText(run: ForeseenTestRun): string {
  const pace = `Postkey tests ${run.parallelism} at a time: ${lastsText(run)}`;
  const reasons = leftOutText(run);
  return reasons === "" ? pace : `Left out: ${reasons}. ${pace}`;
}

type Run = Pick<ForeseenTestRun, "accounts" | "parallelism" | "minutes">;

function lastsText({ accounts, parallelism, minutes }: Run): string {
  if (minutes !== null) return `about ${lastingText(minutes)}, as fast as the last run.`;
  const [quick, slow] = LIKELY_SECONDS.map((seconds) =>
    lastingText(Math.max(1, Math.round((accounts / parallelism / 60) * seconds))),
  );
  const lasting = quick === slow ? quick : `${quick} to ${slow}`;
  return `about ${lasting} if a test takes ${LIKELY_SECONDS.join(" to ")} seconds. After the first run it is known better.`;
}

function lastingText(minutes: number): string {
  return minutes < 90 ? counted(minutes, "minute") : `${Math.round(minutes / 60)} hours`;
}
