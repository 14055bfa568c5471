"use client";

import { notifications } from "@mantine/notifications";

/** One sentence that an action worked. */
export function notifySuccess(message: string): void {
  notifications.show({ message, color: "teal", withBorder: true, role: "status" });
}

/** One sentence that it did not; stays until it is dismissed. */
export function notifyProblem(message: string): void {
  notifications.show({ message, color: "red", withBorder: true, autoClose: false, role: "alert" });
}
