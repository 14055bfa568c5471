"use client";

import { Text } from "@mantine/core";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { notifySuccess } from "@/components/notify";
import { setEmailAccountActiveAction } from "./actions";
import { RefusedUsers } from "./refused-users";

type DeactivateEmailAccountDialogProps = { id: string; name: string; onClose: () => void };

/** Says what stops before it does. */
export function DeactivateEmailAccountDialog(props: DeactivateEmailAccountDialogProps) {
  const { id, name, onClose } = props;
  return (
    <ConfirmDialog
      title={`Deactivate ${name}?`}
      confirmLabel="Deactivate"
      isDangerous
      action={() => setEmailAccountActiveAction({ id, active: false })}
      onSuccess={() => {
        notifySuccess(`${name} is now inactive.`);
        onClose();
      }}
      onClose={onClose}
    >
      <Text size="sm">
        Programs get no tokens for this account: sending and receiving stops until you activate it
        again. Nothing is deleted.
      </Text>
      <RefusedUsers selection={{ accounts: "selected", emailAccountIds: [id] }} what="deactivate" />
    </ConfirmDialog>
  );
}
