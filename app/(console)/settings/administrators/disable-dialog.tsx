"use client";

import { Text } from "@mantine/core";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { notifySuccess } from "@/components/notify";
import { setAdministratorActiveAction } from "./actions";
import { MadeByThem } from "./made-by-them";

type DisableDialogProps = { id: string; name: string; onClose: () => void };

export function DisableDialog({ id, name, onClose }: DisableDialogProps) {
  return (
    <ConfirmDialog
      title={`Disable ${name}?`}
      confirmLabel="Disable"
      isDangerous
      action={() => setAdministratorActiveAction({ id, active: false })}
      onSuccess={() => {
        notifySuccess(`${name} is disabled and signed out everywhere.`);
        onClose();
      }}
      onClose={onClose}
    >
      <Text size="sm">
        {name} is signed out everywhere and can no longer sign in. Their open invitations stop
        working. You can enable {name} again.
      </Text>
      <MadeByThem id={id} />
    </ConfirmDialog>
  );
}
