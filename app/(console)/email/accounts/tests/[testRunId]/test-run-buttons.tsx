"use client";

import { IconPlugConnected } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { ActButton } from "@/components/act-button";
import { act } from "@/components/acts";
import { routes } from "@/components/routes";
import { cancelTestRunAction, startTestRunAction } from "../actions";

export function CancelButton({ testRunId }: { testRunId: string }) {
  return (
    <ActButton
      label="Cancel"
      needs="accounts:test"
      run={act(() => cancelTestRunAction({ testRunId }))}
    />
  );
}

export function TestAgainButton({ testRunId }: { testRunId: string }) {
  const router = useRouter();
  const failed = { accounts: "all", search: "", failedInTestRun: testRunId } as const;
  return (
    <ActButton
      size="xs"
      variant="filled"
      label="Test these again"
      icon={IconPlugConnected}
      needs="accounts:test"
      run={act(
        () => startTestRunAction(failed),
        (started) => router.push(routes.startedTestRun(started)),
      )}
    />
  );
}
