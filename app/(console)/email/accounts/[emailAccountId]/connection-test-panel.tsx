"use client";

import { Button, Group, Paper, Stack, Title } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { Fragment, type ReactNode, useEffect, useState } from "react";
import { Can, useCan } from "@/components/can";
import { useWish } from "@/components/use-wish";
import { ConnectionTestView, useConnectionTest } from "../connection-test-view";

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
  const router = useRouter();
  const canTest = useCan()("accounts:test");
  const { state, restart, restartFresh } = useConnectionTest(id);
  const isPossible = canTest && props.startsAtOnce;
  useWish("added", restart, { isPossible });
  useWish("authorization", restart, { isPossible });
  useWish("test", (wish) => {
    if (canTest) (wish === "fresh" ? restartFresh : restart)();
  });
  const { finished } = state;
  // The rest of the page says what the test found.
  useEffect(() => {
    if (finished) router.refresh();
  }, [router, finished]);
  const isOver = finished !== undefined || state.problem !== undefined;
  const isIdle = !state.isRunning && !isOver;
  const saysWhatToDo = isIdle ? hasFailed : finished?.verdict === "failed";
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

type FactsAndConnectionProps = {
  /** As the page was opened: a test that ends here moves nothing. */
  hasFailed: boolean;
  facts: ReactNode;
  connection: ReactNode;
};

export function FactsAndConnection({ hasFailed, facts, connection }: FactsAndConnectionProps) {
  const [isConnectionFirst] = useState(hasFailed);
  const first = <Fragment key="connection">{connection}</Fragment>;
  const second = <Fragment key="facts">{facts}</Fragment>;
  return isConnectionFirst ? [first, second] : [second, first];
}
