"use client";

import { Button } from "@mantine/core";
import { Can } from "@/components/can";
import { useAction } from "@/components/use-action";
import { cancelTestRunAction } from "../actions";

export function CancelButton({ testRunId }: { testRunId: string }) {
  const { isBusy, run } = useAction();
  return (
    <Can permission="accounts:test">
      <Button
        variant="default"
        loading={isBusy}
        onClick={() => run(() => cancelTestRunAction({ testRunId }))}
      >
        Cancel
      </Button>
    </Can>
  );
}
