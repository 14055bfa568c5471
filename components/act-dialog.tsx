"use client";

import { Text } from "@mantine/core";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import type { ActionResult } from "@/lib/http/schema";
import { ConfirmDialog } from "./confirm-dialog";

export type Run = () => Promise<ActionResult<() => void>>;

export type ConfirmedRun = {
  run: Run;
  confirm?: { title: string; label?: string; text: ReactNode; isDangerous?: boolean } | undefined;
  leadsTo?: Route;
};

type ActDialogProps = {
  act: ConfirmedRun & { label: string; isDangerous?: boolean };
  onClose: () => void;
};

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
      {typeof confirm.text === "string" ? <Text>{confirm.text}</Text> : confirm.text}
    </ConfirmDialog>
  );
}
