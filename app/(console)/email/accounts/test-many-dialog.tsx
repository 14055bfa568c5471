"use client";

import { Loader, Text } from "@mantine/core";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { routes } from "@/components/routes";
import { leaveFor, useAnswer } from "@/components/use-action";
import { type ForeseenTestRun, MAX_TESTED, TOO_MANY_TO_TEST } from "@/lib/checks/runs/schema";
import type { Selection } from "@/lib/email-accounts/bulk/schema";
import { counted } from "@/lib/kernel/text/schema";
import { foreseeTestRunAction, startTestRunAction } from "./tests/actions";

type TestManyDialogProps = { selection: Selection; onClose: () => void };

export function TestManyDialog({ selection, onClose }: TestManyDialogProps) {
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
      onSuccess={(started) => leaveFor(routes.startedTestRun(started))}
      onClose={onClose}
    >
      {!foreseen && !problem && <Loader size="sm" aria-label="Loading" />}
      {foreseen && !isTooMany && <Text size="sm">{foreseenText(foreseen)}</Text>}
      {!isTooMany && (
        <Text size="sm">
          The run goes on when you leave the page. You can cancel it at any time.
        </Text>
      )}
    </ConfirmDialog>
  );
}

/** Seconds per test, from a fast nearby server to a slow distant one. */
const LIKELY_SECONDS = [1, 3] as const;

/** At the pace of the last run or, before the first, of likely tests. */
function foreseenText({ leftOut, ...run }: ForeseenTestRun): string {
  const pace = `Postkey tests ${run.parallelism} at a time: ${lastsText(run)}`;
  if (leftOut === 0) return pace;
  return `${counted(leftOut, "account")} ${leftOut === 1 ? "is" : "are"} inactive and left out. ${pace}`;
}

function lastsText({ accounts, parallelism, minutes }: Omit<ForeseenTestRun, "leftOut">): string {
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
