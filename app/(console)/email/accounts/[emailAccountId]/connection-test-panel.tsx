"use client";

import { Button, Group, Paper, Stack, Title } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { type ReactNode, useEffect, useEffectEvent } from "react";
import { Can, useCan } from "@/components/can";
import { useWish } from "@/components/use-wish";
import { ConnectionTestView } from "../connection-test-view";
import { useConnectionTest } from "../use-connection-test";
import { useTellStanding } from "./account-standing";

type ConnectionTestPanelProps = {
  id: string;
  name: string;
  emailAddress: string;
  startsAtOnce: boolean;
  isLater: boolean;
  hasFailed: boolean;
  toldAbove: string | null;
  last: ReactNode;
};

export function ConnectionTestPanel(props: ConnectionTestPanelProps) {
  const { id, last, isLater, hasFailed, toldAbove, ...account } = props;
  const canTest = useCan()("accounts:test");
  const { state, restart, restartFresh } = useConnectionTest(id);
  const isPossible = canTest && props.startsAtOnce;
  useWish("added", restart, { isPossible });
  useWish("authorization", restart, { isPossible });
  useWish("test", (wish) => {
    if (canTest) (wish === "fresh" ? restartFresh : restart)();
  });
  const tellStanding = useEffectEvent(useTellStanding() ?? (() => {}));
  const stands = state.finished?.state;
  useEffect(() => {
    if (stands) tellStanding(stands);
  }, [stands]);
  const isOver = state.finished !== undefined || state.problem !== undefined;
  const isIdle = !state.isRunning && !isOver;
  const saysWhatToDo = isIdle ? hasFailed : state.finished?.verdict === "failed";
  return (
    <Paper withBorder p="md" radius="md">
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h5">
            Connection
          </Title>
          <Can permission="accounts:test">
            <Button
              variant={isLater || saysWhatToDo ? "default" : "filled"}
              leftSection={<IconPlugConnected size={16} />}
              loading={state.isRunning}
              onClick={restart}
            >
              Test connection
            </Button>
          </Can>
        </Group>
        {isIdle ? (
          last
        ) : (
          <ConnectionTestView
            state={state}
            account={account}
            onFresh={restartFresh}
            isPrimary={!isLater}
            toldAbove={toldAbove}
          />
        )}
      </Stack>
    </Paper>
  );
}
