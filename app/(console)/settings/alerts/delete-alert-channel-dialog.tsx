"use client";

import { Text } from "@mantine/core";
import { DeleteDialog } from "@/components/delete-dialog";
import { deleteAlertChannelAction } from "./actions";

type DeleteAlertChannelDialogProps = { id: string; name: string; onClose: () => void };

export function DeleteAlertChannelDialog({ id, name, onClose }: DeleteAlertChannelDialogProps) {
  return (
    <DeleteDialog
      name={name}
      action={() => deleteAlertChannelAction({ id })}
      list="/settings/alerts"
      onClose={onClose}
    >
      <Text size="sm">
        This channel sends no more alerts. Its log is deleted, and pending alerts are not sent.
      </Text>
    </DeleteDialog>
  );
}
