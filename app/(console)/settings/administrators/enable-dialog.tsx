"use client";

import { Text } from "@mantine/core";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { notifySuccess } from "@/components/notify";
import { ROLE_LABELS, type Role } from "@/lib/access/roles/schema";
import { setAdministratorActiveAction } from "./actions";

type EnableDialogProps = {
  id: string;
  name: string;
  role: Role;
  /** The company that gave no role any more. */
  disabledBy: string;
  onClose: () => void;
};

/** Of a person whom their company disabled: what the company says of them stays as it is. */
export function EnableDialog({ id, name, role, disabledBy, onClose }: EnableDialogProps) {
  return (
    <ConfirmDialog
      title={`Enable ${name}?`}
      confirmLabel="Enable"
      action={() => setAdministratorActiveAction({ id, active: true })}
      onSuccess={() => {
        notifySuccess(`${name} is enabled and can sign in with a password.`);
        onClose();
      }}
      onClose={onClose}
    >
      <Text size="sm">
        {disabledBy} no longer gives {name} a role, so signing in with {disabledBy} stays refused.{" "}
        {name} can sign in with a password, as {ROLE_LABELS[role]}. Without one, create a password
        link afterwards.
      </Text>
      <Text size="sm">
        You decide the role from now on. If {disabledBy} gives {name} a role again, {disabledBy}{" "}
        decides it from that sign-in on.
      </Text>
    </ConfirmDialog>
  );
}
