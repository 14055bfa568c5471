"use client";

import { Button } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useTransition } from "react";
import { notifyProblem, notifySuccess } from "@/components/notify";
import { undoMoveAction } from "./actions";

/** Has an account sign in with its password again. */
export function UndoButton({ id, name }: { id: string; name: string }) {
  const [isBusy, start] = useTransition();
  const undo = () =>
    start(async () => {
      const result = await undoMoveAction({ emailAccountId: id });
      if (result.ok) notifySuccess(`${name} signs in with its password again.`);
      else notifyProblem(result.error);
    });
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconArrowBackUp size={14} />}
      loading={isBusy}
      onClick={undo}
      aria-label={`Move ${name} back`}
    >
      Undo
    </Button>
  );
}
