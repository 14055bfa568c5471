"use client";

import { dueTime } from "./due-time-text";
import { RelativeTime } from "./relative-time";

/** “in 3 minutes” */
export function DueTime({ at }: { at: Date }) {
  return <RelativeTime at={at} textAt={dueTime} />;
}
