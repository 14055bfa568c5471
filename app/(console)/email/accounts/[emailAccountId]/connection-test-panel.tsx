"use client";

import { Button, Group, Paper, Stack, Title } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useWish } from "@/components/use-wish";
import { ConnectionTestView } from "../connection-test-view";
import { useConnectionTest } from "../use-connection-test";

type ConnectionTestPanelProps = {
  id: string;
  name: string;
  emailAddress: string;
  /** What the last test found, until another one begins. */
  last: ReactNode;
};

export function ConnectionTestPanel({ id, last, ...account }: ConnectionTestPanelProps) {
  const { state, restart, restartFresh } = useConnectionTest(id, { startsAtOnce: false });
  useWish("test", (wish) => (wish === "fresh" ? restartFresh() : restart()));
  const isIdle = !state.isRunning && !state.finished && !state.problem;
  return (
    <Paper withBorder p="md" radius="md">
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h5">
            Connection
          </Title>
          <Button
            leftSection={<IconPlugConnected size={16} />}
            loading={state.isRunning}
            onClick={restart}
          >
            Test connection
          </Button>
        </Group>
        {isIdle && last}
        {!isIdle && <ConnectionTestView state={state} account={account} onFresh={restartFresh} />}
      </Stack>
    </Paper>
  );
}
