"use client";

import { Alert, Button, Checkbox, Group, List, Loader, Modal, Stack, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useEffect, useState, useTransition } from "react";
import { FormProblem } from "@/components/form-problem";
import { notifySuccess } from "@/components/notify";
import type { ActionError } from "@/lib/http/schema";
import type { ProviderUse } from "@/lib/registrations/schema";
import { deleteCloudProviderAction, getProviderUseAction } from "./actions";

type DeleteCloudProviderDialogProps = { id: string; name: string; onClose: () => void };

export function DeleteCloudProviderDialog({ id, name, onClose }: DeleteCloudProviderDialogProps) {
  const router = useRouter();
  const [use, setUse] = useState<ProviderUse | null>(null);
  const [isAccepted, setAccepted] = useState(false);
  const [problem, setProblem] = useState<ActionError | null>(null);
  const [isDeleting, startDeleting] = useTransition();

  useEffect(() => {
    void getProviderUseAction({ cloudProviderId: id }).then((result) =>
      result.ok ? setUse(result.data) : setProblem(result.error),
    );
  }, [id]);

  const remove = () =>
    startDeleting(async () => {
      const acceptedAccounts = use?.accountCount ?? 0;
      const result = await deleteCloudProviderAction({ id, acceptedAccounts });
      if (!result.ok) return setProblem(result.error);
      notifySuccess(`${name} was deleted.`);
      onClose();
      router.push("/settings/cloud-providers");
    });

  const needsYes = (use?.accountCount ?? 0) > 0;
  return (
    <Modal opened onClose={onClose} title={`Delete ${name}?`} size="md">
      <Stack>
        <FormProblem problem={problem} />
        <Text size="sm">
          The client secret and every sign-in of this provider are erased. The app registration at
          Microsoft is not changed.
        </Text>
        {use === null ? <Loader size="sm" /> : needsYes && <WhatStops use={use} />}
        {needsYes && (
          <Checkbox
            label="I understand that these accounts stop sending and receiving"
            checked={isAccepted}
            onChange={(event) => setAccepted(event.currentTarget.checked)}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button
            color="red"
            loading={isDeleting}
            disabled={use === null || (needsYes && !isAccepted)}
            onClick={remove}
          >
            Delete
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function WhatStops({ use }: { use: ProviderUse }) {
  const more = use.accountCount - use.accounts.length;
  const title =
    use.accountCount === 1
      ? "1 email account stops working"
      : `${use.accountCount} email accounts stop working`;
  return (
    <Alert color="red" title={title}>
      <List size="sm">
        {use.accounts.map(({ id, name }) => (
          <List.Item key={id}>{name}</List.Item>
        ))}
        {more > 0 && <List.Item>and {more} more</List.Item>}
      </List>
    </Alert>
  );
}
