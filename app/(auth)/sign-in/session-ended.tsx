"use client";

import { Alert } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { endedSession } from "@/components/drafts";

export function SessionEnded({ from }: { from: string }) {
  const session = useSyncExternalStore(
    unchanging,
    () => endedSession(from),
    () => "no",
  );
  if (session === "no") return null;
  return (
    <Alert color="indigo" role="status">
      {session === "ended"
        ? "Your session ended. Sign in to continue."
        : "Your session ended. Sign in to continue; what you typed is kept."}
    </Alert>
  );
}

/** Only this tab writes there, and not while this is shown. */
const unchanging = () => () => {};
