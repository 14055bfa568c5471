"use client";

import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useState, useTransition } from "react";
import { FormProblem } from "@/components/form-problem";
import type { ActionError } from "@/lib/http/schema";
import { renewSigningSecretAction } from "./actions";
import { SigningSecret } from "./signing-secret";

type RenewSigningSecretDialogProps = { id: string; name: string; onClose: () => void };

export function RenewSigningSecretDialog({ id, name, onClose }: RenewSigningSecretDialogProps) {
  const [secret, setSecret] = useState<string | null>(null);
  const [problem, setProblem] = useState<ActionError | null>(null);
  const [isBusy, start] = useTransition();
  const renew = () =>
    start(async () => {
      const result = await renewSigningSecretAction({ id });
      if (result.ok) setSecret(result.data);
      else setProblem(result.error);
    });
  const title = `New signing secret for ${name}`;
  return (
    <Modal opened onClose={onClose} title={title} closeOnClickOutside={secret === null}>
      {secret === null ? (
        <Stack>
          <FormProblem problem={problem} />
          <Text size="sm">
            The old secret stops working at once. The receiver refuses alerts until it has the new
            one.
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} data-autofocus>
              Cancel
            </Button>
            <Button loading={isBusy} onClick={renew}>
              Create a new secret
            </Button>
          </Group>
        </Stack>
      ) : (
        <SigningSecret secret={secret} onDone={onClose} />
      )}
    </Modal>
  );
}
