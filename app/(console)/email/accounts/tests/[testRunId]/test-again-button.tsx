"use client";

import { Button } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { Can } from "@/components/can";
import { notifyProblem, notifySuccess } from "@/components/notify";
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
      if (result.data.leftOut > 0) notifySuccess("Inactive accounts were left out.");
      router.push(routes.testRun(result.data.id));
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
