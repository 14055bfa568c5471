"use client";

import { Button } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { Can } from "@/components/can";
import { notifySuccess } from "@/components/notify";
import { useAction } from "@/components/use-action";
import { undoMoveAction } from "./actions";

/** Has an account sign in with its password again. */
export function UndoButton({ id, name }: { id: string; name: string }) {
  const { isBusy, run } = useAction();
  const undo = () =>
    run(
      () => undoMoveAction({ emailAccountId: id }),
      () => notifySuccess(`${name} signs in with its password again.`),
    );
  return (
    <Can permission="accounts:write">
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
    </Can>
  );
}
