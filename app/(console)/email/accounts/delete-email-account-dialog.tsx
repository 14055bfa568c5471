"use client";

import { Text } from "@mantine/core";
import { DeleteDialog } from "@/components/delete-dialog";
import { deleteEmailAccountAction } from "./actions";
import { RefusedUsers } from "./refused-users";

type DeleteEmailAccountDialogProps = { id: string; name: string; onClose: () => void };

export function DeleteEmailAccountDialog({ id, name, onClose }: DeleteEmailAccountDialogProps) {
  return (
    <DeleteDialog
      name={name}
      action={() => deleteEmailAccountAction({ id })}
      list="/email/accounts"
      onClose={onClose}
    >
      <Text size="sm">
        Software that uses this account stops sending and receiving with it. Its test reports are
        erased. The mailbox itself and its sign-in at the cloud provider are not affected.
      </Text>
      <RefusedUsers selection={{ accounts: "selected", emailAccountIds: [id] }} what="delete" />
    </DeleteDialog>
  );
}
