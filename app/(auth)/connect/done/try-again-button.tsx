"use client";

import { Button } from "@mantine/core";
import { leaveFor, useAction } from "@/components/use-action";
import { beginAgainAction } from "../actions";

export function TryAgainButton({ authorizationRequestId }: { authorizationRequestId: string }) {
  const { isBusy, run } = useAction();
  return (
    <Button
      fullWidth
      loading={isBusy}
      onClick={() => run(() => beginAgainAction({ authorizationRequestId }), leaveFor)}
    >
      Try again
    </Button>
  );
}
