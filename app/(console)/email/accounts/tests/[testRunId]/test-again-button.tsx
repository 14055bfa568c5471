"use client";

import { Button } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { Can } from "@/components/can";
import { notifyProblem } from "@/components/notify";
import { routes } from "@/components/routes";
import { startTestRunAction } from "../actions";

/** Starts a run of the accounts that failed in this one, and goes to it. */
export function TestAgainButton({ testRunId }: { testRunId: string }) {
  const router = useRouter();
  const [isStarting, startTransition] = useTransition();
  const start = () =>
    startTransition(async () => {
      const result = await startTestRunAction({
        accounts: "all",
        search: "",
        failedInTestRun: testRunId,
      });
      if (!result.ok) return notifyProblem(result.error);
      router.push(routes.startedTestRun(result.data));
    });
  return (
    <Can permission="accounts:test">
      <Button
        size="xs"
        loading={isStarting}
        leftSection={<IconPlugConnected size={16} />}
        onClick={start}
      >
        Test these again
      </Button>
    </Can>
  );
}
