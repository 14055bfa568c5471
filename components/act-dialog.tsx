"use client";

import { Text } from "@mantine/core";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import type { ActionResult } from "@/lib/http/schema";
import { ConfirmDialog } from "./confirm-dialog";

/** @returns what is said or shown once it is done */
export type Run = () => Promise<ActionResult<() => void>>;

export type ConfirmedRun = {
  run: Run;
  /** Asks first; the button is called like the act, unless it says otherwise. */
  confirm?: { title: string; label?: string; text: ReactNode; isDangerous?: boolean } | undefined;
  /** The page that is shown afterwards. */
  leadsTo?: Route;
};

type ActDialogProps = {
  act: ConfirmedRun & { label: string; isDangerous?: boolean };
  onClose: () => void;
};

/** Asks before an act that is hard to take back. */
export function ActDialog({ act, onClose }: ActDialogProps) {
  const router = useRouter();
  const { label, isDangerous, confirm, run, leadsTo } = act;
  if (!confirm) return null;
  const finish = (done: () => void) => {
    onClose();
    done();
    if (leadsTo) router.push(leadsTo);
  };
  return (
    <ConfirmDialog
      title={confirm.title}
      confirmLabel={confirm.label ?? label}
      isDangerous={confirm.isDangerous ?? isDangerous ?? false}
      action={run}
      onSuccess={finish}
      onClose={onClose}
    >
      {typeof confirm.text === "string" ? <Text size="sm">{confirm.text}</Text> : confirm.text}
    </ConfirmDialog>
  );
}
