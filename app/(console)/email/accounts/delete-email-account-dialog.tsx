"use client";

import { Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { notifySuccess } from "@/components/notify";
import { deleteEmailAccountAction } from "./actions";
import { RefusedUsers } from "./refused-users";

type DeleteEmailAccountDialogProps = { id: string; name: string; onClose: () => void };

export function DeleteEmailAccountDialog({ id, name, onClose }: DeleteEmailAccountDialogProps) {
  const router = useRouter();
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      confirmLabel="Delete"
      isDangerous
      action={() => deleteEmailAccountAction({ id })}
      onSuccess={() => {
        notifySuccess(`${name} was deleted.`);
        onClose();
        router.push("/email/accounts");
      }}
      onClose={onClose}
    >
      <Text size="sm">
        Software that uses this account stops sending and receiving with it. Its test reports are
        erased. The mailbox itself and its sign-in at the cloud provider are not affected.
      </Text>
      <RefusedUsers selection={{ accounts: "selected", emailAccountIds: [id] }} what="delete" />
    </ConfirmDialog>
  );
}
