"use client";

import { Loader, Text } from "@mantine/core";
import { useEffect, useEffectEvent, useState } from "react";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { routes } from "@/components/routes";
import { attempt, leaveFor } from "@/components/use-action";
import { type ForeseenTestRun, MAX_TESTED, TOO_MANY_TO_TEST } from "@/lib/checks/runs/schema";
import type { Selection } from "@/lib/email-accounts/bulk/schema";
import type { ActionError } from "@/lib/http/schema";
import { counted } from "@/lib/kernel/text/schema";
import { foreseenText } from "./foreseen-text";
import { foreseeTestRunAction, startTestRunAction } from "./tests/actions";

type TestManyDialogProps = { selection: Selection; onClose: () => void };

/** Says how many accounts are tested and about how long that takes, before thousands of tests are started. */
export function TestManyDialog({ selection, onClose }: TestManyDialogProps) {
  const [foreseen, setForeseen] = useState<ForeseenTestRun | null>(null);
  const [problem, setProblem] = useState<ActionError | null>(null);
  const ask = useEffectEvent(async () => {
    const result = await attempt(() => foreseeTestRunAction(selection));
    if (result.ok) setForeseen(result.data);
    else setProblem(result.error);
  });
  useEffect(() => void ask(), []);
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
      {foreseen === null && problem === null && <Loader size="sm" aria-label="Loading" />}
      {foreseen && !isTooMany && <Text size="sm">{foreseenText(foreseen)}</Text>}
      {!isTooMany && (
        <Text size="sm">
          The run goes on when you leave the page. You can cancel it at any time.
        </Text>
      )}
    </ConfirmDialog>
  );
}
