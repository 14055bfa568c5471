"use client";

import { Button } from "@mantine/core";
import { leaveFor, useAction } from "@/components/use-action";
import { beginAgainAction } from "../../actions";

type TryAgainButtonProps = {
  authorizationRequestId: string;
  isPrimary: boolean;
};

export function TryAgainButton({ authorizationRequestId, isPrimary }: TryAgainButtonProps) {
  const { isBusy, run } = useAction();
  return (
    <Button
      fullWidth
      variant={isPrimary ? "filled" : "default"}
      loading={isBusy}
      onClick={() => run(() => beginAgainAction({ authorizationRequestId }), leaveFor)}
    >
      Try again
    </Button>
  );
}
