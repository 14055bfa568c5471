"use client";

import { Button } from "@mantine/core";
import { useAction } from "@/components/use-action";
import { cancelTestRunAction } from "../actions";

export function CancelButton({ testRunId }: { testRunId: string }) {
  const { isBusy, run } = useAction();
  return (
    <Button
      variant="default"
      loading={isBusy}
      onClick={() => run(() => cancelTestRunAction({ testRunId }))}
    >
      Cancel
    </Button>
  );
}
