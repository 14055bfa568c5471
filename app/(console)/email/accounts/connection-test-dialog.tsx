import { Button } from "@mantine/core";
import { useContext, useEffect, useEffectEvent } from "react";
import { CloseDialog } from "@/components/close-dialog";
import { Dialog } from "@/components/dialog";
import { ConnectionTestView, useConnectionTest } from "./connection-test-view";

export function ConnectionTestDialog(props: { id: string; name: string; emailAddress: string }) {
  const { id, name, emailAddress } = props;
  const close = useContext(CloseDialog);
  const { state, restart, restartFresh } = useConnectionTest(id);
  const start = useEffectEvent(restart);
  useEffect(() => start(), []);
  return (
    <Dialog
      title={`Test connection: ${name}`}
      size="xl"
      buttons={
        <>
          <Button variant="default" onClick={close}>
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
