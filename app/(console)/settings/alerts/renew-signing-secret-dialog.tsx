"use client";

import { Text } from "@mantine/core";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { showOnce } from "@/components/shown-once-store";
import { renewSigningSecretAction } from "./actions";
import { SigningSecretDialog } from "./signing-secret-dialog";

type RenewSigningSecretDialogProps = { id: string; name: string; onClose: () => void };

export function RenewSigningSecretDialog({ id, name, onClose }: RenewSigningSecretDialogProps) {
  return (
    <ConfirmDialog
      title={`New signing secret for ${name}`}
      confirmLabel="Create a new secret"
      action={() => renewSigningSecretAction({ id })}
      onSuccess={({ secret }) => {
        onClose();
        showOnce(<SigningSecretDialog name={name} secret={secret} />);
      }}
      onClose={onClose}
    >
      <Text size="sm">
        The old secret stops working at once. The receiver refuses alerts until it has the new one.
      </Text>
    </ConfirmDialog>
  );
}
