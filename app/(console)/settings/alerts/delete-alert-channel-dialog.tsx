"use client";

import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { FormProblem } from "@/components/form-problem";
import { notifySuccess } from "@/components/notify";
import type { ActionError } from "@/lib/http/schema";
import { deleteAlertChannelAction } from "./actions";

type DeleteAlertChannelDialogProps = { id: string; name: string; onClose: () => void };

export function DeleteAlertChannelDialog({ id, name, onClose }: DeleteAlertChannelDialogProps) {
  const router = useRouter();
  const [problem, setProblem] = useState<ActionError | null>(null);
  const [isDeleting, startDeleting] = useTransition();
  const remove = () =>
    startDeleting(async () => {
      const result = await deleteAlertChannelAction({ id });
      if (!result.ok) return setProblem(result.error);
      notifySuccess(`${name} was deleted.`);
      onClose();
      router.push("/settings/alerts");
    });
  return (
    <Modal opened onClose={onClose} title={`Delete ${name}?`}>
      <Stack>
        <FormProblem problem={problem} />
        <Text size="sm">
          This channel sends no more alerts. Its log is deleted, and pending alerts are not sent.
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
