"use client";

import type { NotificationData } from "@mantine/notifications";
import { InlineLink } from "./links";
import { routes } from "./routes";
import { wantToasts } from "./toasts";

/** What went wrong, in one sentence; of a known failure with its entry of the error catalogue. */
type Problem = { message: string; remedyId?: string };

/** One sentence that an action worked. */
export function notifySuccess(message: string): void {
  show({ message, color: "teal", withBorder: true, role: "status" });
}

/** One sentence that it did not, and where it says why; stays until it is dismissed. */
export function notifyProblem(problem: string | Problem): void {
  const { message, remedyId } = typeof problem === "string" ? { message: problem } : problem;
  const withWhy = remedyId !== undefined && (
    <>
      {message} <InlineLink href={routes.remedy(remedyId)}>Why, and what to do</InlineLink>
    </>
  );
  const look = { color: "red", withBorder: true, autoClose: false, role: "alert" } as const;
  show({ message: withWhy || message, ...look });
}

/** Loaded with the first sentence: no page says one while it opens. */
function show(data: NotificationData): void {
  wantToasts();
  void import("@mantine/notifications").then(({ notifications }) => notifications.show(data));
}
