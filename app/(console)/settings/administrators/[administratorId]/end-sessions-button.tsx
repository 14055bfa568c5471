"use client";

import { Button } from "@mantine/core";
import { Can } from "@/components/can";
import { notifySuccess } from "@/components/notify";
import { useAction } from "@/components/use-action";
import { endSessionsOfAction } from "../actions";

export function EndSessionsButton({ id, name }: { id: string; name: string }) {
  const { isBusy, run } = useAction();
  const end = () =>
    run(
      () => endSessionsOfAction({ administratorId: id }),
      () => notifySuccess(`${name} is signed out everywhere.`),
    );
  return (
    <Can permission="administrators:write">
      <Button variant="default" size="xs" loading={isBusy} onClick={end}>
        End all sessions
      </Button>
    </Can>
  );
}
