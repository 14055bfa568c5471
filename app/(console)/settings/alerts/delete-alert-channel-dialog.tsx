"use client";

import { Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { notifySuccess } from "@/components/notify";
import { deleteAlertChannelAction } from "./actions";

type DeleteAlertChannelDialogProps = { id: string; name: string; onClose: () => void };

export function DeleteAlertChannelDialog({ id, name, onClose }: DeleteAlertChannelDialogProps) {
  const router = useRouter();
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      confirmLabel="Delete"
      isDangerous
      action={() => deleteAlertChannelAction({ id })}
      onSuccess={() => {
        notifySuccess(`${name} was deleted.`);
        onClose();
        router.push("/settings/alerts");
      }}
      onClose={onClose}
    >
      <Text size="sm">
        This channel sends no more alerts. Its log is deleted, and pending alerts are not sent.
      </Text>
    </ConfirmDialog>
  );
}
