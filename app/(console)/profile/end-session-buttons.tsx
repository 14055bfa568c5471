"use client";

import { ActButton } from "@/components/act-button";
import { act } from "@/components/acts";
import { notifySuccess } from "@/components/notify";
import type { SessionRow } from "@/lib/people/sessions/schema";
import { endOtherSessionsAction, endOwnSessionAction } from "./actions";

export function EndSessionButton({ session: { id, isThis, browser } }: { session: SessionRow }) {
  if (isThis) return null;
  return (
    <ActButton
      size="xs"
      aria-label={`End the session of ${browser || "an unknown browser"}`}
      label="End"
      run={act(() => endOwnSessionAction({ id }), "The session has ended.")}
    />
  );
}

export function EndOtherSessionsButton() {
  const tell = (count: number) =>
    notifySuccess(count === 1 ? "1 session has ended." : `${count} sessions have ended.`);
  return (
    <ActButton
      size="xs"
      label="End all other sessions"
      run={act(() => endOtherSessionsAction({}), tell)}
    />
  );
}
