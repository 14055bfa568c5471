"use client";

import { Button } from "@mantine/core";
import { notifySuccess } from "@/components/notify";
import { useAction } from "@/components/use-action";
import type { SessionRow } from "@/lib/access/sessions/schema";
import { endOtherSessionsAction, endOwnSessionAction } from "./actions";

export function EndSessionButton({ session }: { session: SessionRow }) {
  const { isBusy, run } = useAction();
  if (session.isThis) return null;
  const end = () =>
    run(
      () => endOwnSessionAction({ id: session.id }),
      () => notifySuccess("The session has ended."),
    );
  return (
    <Button
      variant="default"
      size="xs"
      loading={isBusy}
      onClick={end}
      aria-label={`End the session of ${session.browser || "an unknown browser"}`}
    >
      End
    </Button>
  );
}

export function EndOtherSessionsButton() {
  const { isBusy, run } = useAction();
  const end = () =>
    run(
      () => endOtherSessionsAction({}),
      (count) =>
        notifySuccess(count === 1 ? "1 session has ended." : `${count} sessions have ended.`),
    );
  return (
    <Button variant="default" size="xs" loading={isBusy} onClick={end}>
      End all other sessions
    </Button>
  );
}
