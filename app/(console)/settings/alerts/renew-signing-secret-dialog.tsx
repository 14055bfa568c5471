"use client";

import { Text } from "@mantine/core";
import { useState } from "react";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Dialog } from "@/components/dialog";
import { renewSigningSecretAction } from "./actions";
import { SigningSecret } from "./signing-secret";

type RenewSigningSecretDialogProps = { id: string; name: string; onClose: () => void };

export function RenewSigningSecretDialog({ id, name, onClose }: RenewSigningSecretDialogProps) {
  const [secret, setSecret] = useState<string | null>(null);
  const title = `New signing secret for ${name}`;
  if (secret !== null)
    return (
      <Dialog title={title} staysOpen onClose={onClose}>
        <SigningSecret secret={secret} onDone={onClose} />
      </Dialog>
    );
  return (
    <ConfirmDialog
      title={title}
      confirmLabel="Create a new secret"
      action={() => renewSigningSecretAction({ id })}
      onSuccess={setSecret}
      onClose={onClose}
    >
      <Text size="sm">
        The old secret stops working at once. The receiver refuses alerts until it has the new one.
      </Text>
    </ConfirmDialog>
  );
}
