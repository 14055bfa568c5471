"use client";

import { IconEdit, IconTrash } from "@tabler/icons-react";
import type { Route } from "next";
import dynamic from "next/dynamic";
import { type ComponentType, type ReactNode, useState } from "react";
import type { ActionResult } from "@/lib/http/schema";
import type { Permission } from "@/lib/kernel/permissions/schema";
import type { ConfirmedRun, Run } from "./act-dialog";
import { notifySuccess } from "./notify";
import { useAction } from "./use-action";

const ActDialog = dynamic(() => import("./act-dialog").then((module) => module.ActDialog));

/** One thing that a menu's item or a button does. */
export type Act = {
  label: string;
  icon?: ComponentType<{ size: number }>;
  needs?: Permission;
  isDangerous?: boolean;
} & (
  | { href: Route }
  | { press: () => void }
  | { dialog: (close: () => void) => ReactNode }
  | ConfirmedRun
);

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
  /** What stops or is lost with it. */
  text: ReactNode;
  action: () => Promise<ActionResult<unknown>>;
  /** The list that it was in. */
  list: Route;
};

export function deleting({ name, text, action, list }: Deleted): Act & ConfirmedRun {
  return {
    label: "Delete",
    icon: IconTrash,
    isDangerous: true,
    confirm: { title: `Delete ${name}?`, text },
    run: act(action, `${name} was deleted.`),
    leadsTo: list,
  };
}

/** Does acts, and holds the dialog of the last one. */
export function useActs() {
  const [asked, setAsked] = useState<Act | null>(null);
  const { isBusy, run } = useAction();
  const close = () => setAsked(null);
  const press = (chosen: Act) => {
    if ("press" in chosen) chosen.press();
    else if ("run" in chosen && !chosen.confirm) run(chosen.run, (finish) => finish());
    else setAsked(chosen);
  };
  const dialog = (
    <>
      {asked && "dialog" in asked && asked.dialog(close)}
      {asked && "run" in asked && <ActDialog act={asked} onClose={close} />}
    </>
  );
  return { isBusy, press, dialog };
}
