"use client";

import { Button, type ButtonProps } from "@mantine/core";
import type { PressedAct } from "./acts";
import { useCan } from "./can";
import { useActs } from "./use-acts";

/** Not for the button itself. */
type Deed = Partial<Record<"press" | "dialog" | "run" | "confirm" | "leadsTo", unknown>>;

type ActButtonProps = Omit<ButtonProps, "children"> & PressedAct & Deed & { "aria-label"?: string };

export function ActButton(act: ActButtonProps) {
  const can = useCan();
  const { isBusy, press, dialog } = useActs();
  const { press: _press, dialog: _dialog, run, confirm, leadsTo, ...rest } = act;
  const { label, icon: Icon, needs, isDangerous, ...look } = rest;
  if (needs && !can(needs)) return null;
  return (
    <>
      <Button
        variant="default"
        loading={isBusy}
        leftSection={Icon && <Icon size={16} />}
        onClick={() => press(act)}
        {...look}
      >
        {label}
      </Button>
      {dialog}
    </>
  );
}
