"use client";

import { Button } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { Can } from "@/components/can";
import { routes } from "@/components/routes";
import { useAction } from "@/components/use-action";
import { startTestRunAction } from "../actions";

/** Starts a run of the accounts that failed in this one, and goes to it. */
export function TestAgainButton({ testRunId }: { testRunId: string }) {
  const router = useRouter();
  const { isBusy, run } = useAction();
  const failed = { accounts: "all", search: "", failedInTestRun: testRunId } as const;
  const start = () =>
    run(
      () => startTestRunAction(failed),
      (started) => router.push(routes.startedTestRun(started)),
    );
  return (
    <Can permission="accounts:test">
      <Button
        size="xs"
        loading={isBusy}
        leftSection={<IconPlugConnected size={16} />}
        onClick={start}
      >
        Test these again
      </Button>
    </Can>
  );
}
