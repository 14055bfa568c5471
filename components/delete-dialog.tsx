"use client";

import type { Route } from "next";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import type { ActionError, ActionResult } from "@/lib/http/schema";
import { ConfirmDialog } from "./confirm-dialog";
import { notifySuccess } from "./notify";

type DeleteDialogProps = {
  name: string;
  /** While it cannot be done yet. */
  isDisabled?: boolean;
  problem?: ActionError | null;
  action: () => Promise<ActionResult<unknown>>;
  /** The list that it was in. */
  list: Route;
  onClose: () => void;
  /** What stops or is lost with it. */
  children: ReactNode;
};

/** Asks before one thing is deleted, and goes back to its list. */
export function DeleteDialog({ name, list, ...dialog }: DeleteDialogProps) {
  const router = useRouter();
  return (
    <ConfirmDialog
      {...dialog}
      title={`Delete ${name}?`}
      confirmLabel="Delete"
      isDangerous
      onSuccess={() => {
        notifySuccess(`${name} was deleted.`);
        dialog.onClose();
        router.push(list);
      }}
    />
  );
}
