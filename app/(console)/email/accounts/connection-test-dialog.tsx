"use client";

import { Button } from "@mantine/core";
import { useEffect, useEffectEvent } from "react";
import { Dialog } from "@/components/dialog";
import { ConnectionTestView } from "./connection-test-view";
import { useConnectionTest } from "./use-connection-test";

type ConnectionTestDialogProps = {
  id: string;
  name: string;
  emailAddress: string;
  onClose: () => void;
};

export function ConnectionTestDialog(props: ConnectionTestDialogProps) {
  const { id, name, emailAddress, onClose } = props;
  const { state, restart, restartFresh } = useConnectionTest(id);
  const start = useEffectEvent(restart);
  useEffect(() => start(), []);
  return (
    <Dialog
      title={`Test connection: ${name}`}
      size="xl"
      onClose={onClose}
      buttons={
        <>
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button loading={state.isRunning} onClick={restart}>
            Test again
          </Button>
        </>
      }
    >
      <ConnectionTestView state={state} account={{ name, emailAddress }} onFresh={restartFresh} />
    </Dialog>
  );
}
