import { IconEdit, IconTrash } from "@tabler/icons-react";
import type { Route } from "next";
import type { ComponentType, ReactNode } from "react";
import type { ActionResult } from "@/lib/http/schema";
import type { Permission } from "@/lib/kernel/permissions/schema";
import type { ConfirmedRun, Run } from "./act-dialog";
import { notifySuccess } from "./notify";

export type Look = {
  label: string;
  icon?: ComponentType<{ size: number }>;
  needs?: Permission;
  isDangerous?: boolean;
};

export type PressedAct = Look &
  ({ press: () => void } | { dialog: (close: () => void) => ReactNode } | ConfirmedRun);
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
