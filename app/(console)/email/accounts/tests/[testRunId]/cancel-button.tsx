"use client";

import { Button } from "@mantine/core";
import { useTransition } from "react";
import { notifyProblem } from "@/components/notify";
import { cancelTestRunAction } from "../actions";

export function CancelButton({ testRunId }: { testRunId: string }) {
  const [isCancelling, startCancelling] = useTransition();
  const cancel = () =>
    startCancelling(async () => {
      const result = await cancelTestRunAction({ testRunId });
      if (!result.ok) notifyProblem(result.error);
    });
  return (
    <Button variant="default" loading={isCancelling} onClick={cancel}>
      Cancel
    </Button>
  );
}
