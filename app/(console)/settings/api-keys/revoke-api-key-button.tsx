"use client";

import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { notifySuccess } from "@/components/notify";
import { revokeApiKeyAction } from "./actions";

export function RevokeApiKeyButton({ id, name }: { id: string; name: string }) {
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button
        variant="default"
        size="xs"
        aria-label={`Revoke ${name}`}
        onClick={() => setOpen(true)}
      >
        Revoke
      </Button>
      {isOpen && (
        <ConfirmDialog
          title={`Revoke ${name}?`}
          confirmLabel="Revoke"
          isDangerous
          action={() => revokeApiKeyAction({ id })}
          onSuccess={() => {
            notifySuccess(`${name} was revoked.`);
            close();
          }}
          onClose={close}
        >
          <Text size="sm">Programs that use this key are refused from their next request.</Text>
        </ConfirmDialog>
      )}
    </>
  );
}
