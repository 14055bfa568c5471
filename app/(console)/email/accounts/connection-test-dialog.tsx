"use client";

import { Button, Group, Modal, Stack } from "@mantine/core";
import { ConnectionTestView } from "./connection-test-view";
import { useConnectionTest } from "./use-connection-test";

type ConnectionTestDialogProps = {
  id: string;
  name: string;
  emailAddress: string;
  onClose: () => void;
};

/** Starts at once: who opens it wants to know. */
export function ConnectionTestDialog(props: ConnectionTestDialogProps) {
  const { id, name, emailAddress, onClose } = props;
  const { state, restart } = useConnectionTest(id, { startsAtOnce: true });
  return (
    <Modal opened onClose={onClose} title={`Test connection: ${name}`} size="xl">
      <Stack>
        <ConnectionTestView state={state} account={{ name, emailAddress }} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button loading={state.isRunning} onClick={restart}>
            Test again
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
