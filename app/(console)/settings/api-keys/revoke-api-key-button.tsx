"use client";

import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useState, useTransition } from "react";
import { notifyProblem, notifySuccess } from "@/components/notify";
import { revokeApiKeyAction } from "./actions";

export function RevokeApiKeyButton({ id, name }: { id: string; name: string }) {
  const [isOpen, setOpen] = useState(false);
  const [isBusy, start] = useTransition();
  const revoke = () =>
    start(async () => {
      const result = await revokeApiKeyAction({ id });
      if (result.ok) notifySuccess(`${name} was revoked.`);
      else notifyProblem(result.error);
    });
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
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={`Revoke ${name}?`}>
        <Stack>
          <Text size="sm">Programs that use this key are refused from their next request.</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setOpen(false)} data-autofocus>
              Cancel
            </Button>
            <Button color="red" loading={isBusy} onClick={revoke}>
              Revoke
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
