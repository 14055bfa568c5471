"use client";

import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { FormProblem } from "@/components/form-problem";
import { notifySuccess } from "@/components/notify";
import type { ActionError } from "@/lib/http/schema";
import { deleteEmailAccountAction } from "./actions";

type DeleteEmailAccountDialogProps = { id: string; name: string; onClose: () => void };

export function DeleteEmailAccountDialog({ id, name, onClose }: DeleteEmailAccountDialogProps) {
  const router = useRouter();
  const [problem, setProblem] = useState<ActionError | null>(null);
  const [isDeleting, startDeleting] = useTransition();
  const remove = () =>
    startDeleting(async () => {
      const result = await deleteEmailAccountAction({ id });
      if (!result.ok) return setProblem(result.error);
      notifySuccess(`${name} was deleted.`);
      onClose();
      router.push("/email/accounts");
    });
  return (
    <Modal opened onClose={onClose} title={`Delete ${name}?`} size="md">
      <Stack>
        <FormProblem problem={problem} />
        <Text size="sm">
          Software that uses this account stops sending and receiving with it. Its test reports are
          erased. The mailbox itself and its sign-in at the cloud provider are not affected.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button color="red" loading={isDeleting} onClick={remove}>
            Delete
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
