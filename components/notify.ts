"use client";

import type { NotificationData } from "@mantine/notifications";
import { wantToasts } from "./toasts";

/** One sentence that an action worked. */
export function notifySuccess(message: string): void {
  show({ message, color: "teal", withBorder: true, role: "status" });
}

/** One sentence that it did not; stays until it is dismissed. */
export function notifyProblem(message: string): void {
  show({ message, color: "red", withBorder: true, autoClose: false, role: "alert" });
}

/** Loaded with the first sentence: no page says one while it opens. */
function show(data: NotificationData): void {
  wantToasts();
  void import("@mantine/notifications").then(({ notifications }) => notifications.show(data));
}
