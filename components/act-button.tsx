"use client";

import { Button, type ButtonProps } from "@mantine/core";
import type { PressedAct } from "./acts";
import { useCan } from "./can";
import { useActs } from "./use-acts";

type ActButtonProps = Omit<ButtonProps, "children"> & {
  act: PressedAct;
  "aria-label"?: string;
};

export function ActButton({ act, ...look }: ActButtonProps) {
  const can = useCan();
  const { isBusy, press, dialog } = useActs();
  if (act.needs && !can(act.needs)) return null;
  return (
    <>
      <Button
        variant="default"
        loading={isBusy}
        leftSection={act.icon && <act.icon size={16} />}
        onClick={() => press(act)}
        {...look}
      >
        {act.label}
      </Button>
      {dialog}
    </>
  );
}
