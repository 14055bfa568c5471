"use client";

import { IconArrowBackUp } from "@tabler/icons-react";
import { ActButton, act } from "@/components/acts";
import { undoMoveAction } from "./actions";

export function UndoButton({ id, name }: { id: string; name: string }) {
  return (
    <ActButton
      size="xs"
      aria-label={`Move ${name} back`}
      label="Undo"
      icon={IconArrowBackUp}
      needs="accounts:write"
      run={act(
        () => undoMoveAction({ emailAccountId: id }),
        `${name} signs in with its password again.`,
      )}
    />
  );
}
