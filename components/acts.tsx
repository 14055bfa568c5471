"use client";

import { Button, type ButtonProps } from "@mantine/core";
import { IconEdit, IconPlus, IconTrash } from "@tabler/icons-react";
import type { Route } from "next";
import dynamic from "next/dynamic";
import { type ComponentType, type ReactNode, useState } from "react";
import type { ActionResult } from "@/lib/http/schema";
import type { Permission } from "@/lib/kernel/permissions/schema";
import { useCan } from "./can";
import { CloseDialog } from "./close-dialog";
import type { ConfirmedRun, Run } from "./confirm-dialog";
import classes from "./list-footer.module.css";
import { notifySuccess } from "./notify";
import { useAction } from "./use-action";

export type Look = {
  label: string;
  icon?: ComponentType<{ size: number }>;
  needs?: Permission;
  isDangerous?: boolean;
};

export type PressedAct = Look & ({ press: () => void } | { dialog: ReactNode } | ConfirmedRun);
export type Act = PressedAct | (Look & { href: Route });

export function act<T>(
  action: () => Promise<ActionResult<T>>,
  done: string | ((data: T) => void) = () => {},
): Run {
  return async () => {
    const result = await action();
    if (!result.ok) return result;
    return {
      ok: true,
      data: () => (typeof done === "string" ? notifySuccess(done) : done(result.data)),
    };
  };
}

export function editing(href: Route): Act {
  return { label: "Edit", icon: IconEdit, href };
}

type Deleted = {
  name: string;
  text: ReactNode;
  action: () => Promise<ActionResult<unknown>>;
  list: Route;
};

export function deleting({ name, text, action, list }: Deleted): Look & ConfirmedRun {
  return {
    label: "Delete",
    icon: IconTrash,
    isDangerous: true,
    confirm: { title: `Delete ${name}?`, text },
    run: act(action, `${name} was deleted.`),
    leadsTo: list,
  };
}

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
  if (!can(needs)) return null;
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

export function AddButton(act: Look & { dialog: ReactNode }) {
  const can = useCan();
  const { press, dialog } = useActs();
  if (!can(act.needs)) return null;
  return (
    <>
      <button
        type="button"
        className={classes.add}
        aria-label={act.label}
        onClick={() => press(act)}
      >
        <IconPlus size={26} stroke={2} />
      </button>
      {dialog}
    </>
  );
}

const ActDialog = dynamic(() => import("./confirm-dialog").then((m) => m.ActDialog));

export function useActs() {
  const [asked, setAsked] = useState<Act | null>(null);
  const { isBusy, run } = useAction();
  const press = (chosen: Act) => {
    if ("press" in chosen) chosen.press();
    else if ("run" in chosen && !chosen.confirm) run(chosen.run, (finish) => finish());
    else setAsked(chosen);
  };
  const dialog = asked && (
    <CloseDialog value={() => setAsked(null)}>
      {"dialog" in asked && asked.dialog}
      {"run" in asked && <ActDialog act={asked} />}
    </CloseDialog>
  );
  return { isBusy, press, dialog };
}
