"use client";

import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useState, useTransition } from "react";
import { CopyField } from "@/components/copy-field";
import { notifyProblem } from "@/components/notify";
import { inviteAdministratorAction } from "./actions";

export function InviteButton() {
  const [link, setLink] = useState<string | null>(null);
  const [isBusy, start] = useTransition();
  const invite = () =>
    start(async () => {
      const result = await inviteAdministratorAction({});
      if (result.ok) setLink(result.data.link);
      else notifyProblem(result.error);
    });
  return (
    <>
      <Button onClick={invite} loading={isBusy}>
        Invite an administrator
      </Button>
      <Modal
        opened={link !== null}
        onClose={() => setLink(null)}
        title="One-time link"
        closeOnClickOutside={false}
      >
        <Stack>
          <Text size="sm">
            Give this link to the person. It works once, within a day, and is not shown again.
            Anyone who opens it can choose a name and a password.
          </Text>
          <CopyField label="Link" value={link ?? ""} />
          <Group justify="flex-end">
            <Button onClick={() => setLink(null)}>Done</Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
