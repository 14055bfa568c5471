"use client";

import { Button, type ButtonProps } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import type { ActionResult } from "@/lib/http/schema";
import type { ConfirmedRun } from "./act-dialog";
import { act, type Look, type PressedAct } from "./acts";
import { useCan } from "./can";
import classes from "./list-footer.module.css";
import { useActs } from "./use-acts";

type Deed = Partial<Record<"press" | "dialog" | "run" | "confirm" | "leadsTo", unknown>>;

type ActButtonProps = Omit<ButtonProps, "children"> & PressedAct & Deed & { "aria-label"?: string };

type ActionButtonProps = Omit<ButtonProps, "children"> &
  Omit<Look, "icon"> &
  Pick<ConfirmedRun, "confirm"> & {
    "aria-label"?: string;
    action: () => Promise<ActionResult<unknown>>;
    done?: string;
  };

/** For pages made on the server, which can pass on actions bound to their input. */
export function ActionButton({ action, done, ...button }: ActionButtonProps) {
  return <ActButton {...button} run={act(action, done)} />;
}

export function ActButton(pressed: ActButtonProps) {
  const can = useCan();
  const { isBusy, press, dialog } = useActs();
  const { press: _press, dialog: _dialog, run, confirm, leadsTo, ...rest } = pressed;
  const { label, icon: Icon, needs, isDangerous, ...look } = rest;
  if (needs && !can(needs)) return null;
  return (
    <>
      <Button
        variant="default"
        loading={isBusy}
        leftSection={Icon && <Icon size={16} />}
        onClick={() => press(pressed)}
        {...look}
      >
        {label}
      </Button>
      {dialog}
    </>
  );
}

type AddButtonProps = { label: string; dialog: (close: () => void) => ReactNode };

export function AddButton({ label, dialog }: AddButtonProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className={classes.add}
        aria-label={label}
        onClick={() => setOpen(true)}
      >
        <IconPlus size={26} stroke={2} />
      </button>
      {isOpen && dialog(() => setOpen(false))}
    </>
  );
}
