"use client";

import { type MouseEvent, useEffect, useState } from "react";
import { wallTime } from "@/lib/kernel/clock";
import { relativeTime, staysFor } from "./relative-time-text";

type RelativeTimeProps = { at: Date; textAt?: typeof relativeTime };

/** The exact local time shows on hover. */
export function RelativeTime({ at, textAt = relativeTime }: RelativeTimeProps) {
  const [now, setNow] = useState(() => wallTime().getTime());
  const everyMs = staysFor(at, now);
  useEffect(() => {
    const timer = setInterval(() => setNow(wallTime().getTime()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  // A row newer than the last tick is not from the future.
  const since = at.getTime() > now ? Math.max(now, wallTime().getTime()) : now;
  // On demand: formatting costs more than the rest of the row.
  const tellExactly = (event: MouseEvent<HTMLTimeElement>) => {
    event.currentTarget.title = exactTime(at);
  };
  return (
    // The server's clock may differ.
    <time dateTime={at.toISOString()} onMouseEnter={tellExactly} suppressHydrationWarning>
      {textAt(at, since)}
    </time>
  );
}

function exactTime(at: Date): string {
  return at.toLocaleString("en-GB", { dateStyle: "full", timeStyle: "long" });
}

export function dueTime(at: Date, now: number): string {
  return at.getTime() - now < 10_000 ? "due now" : relativeTime(at, now);
}

export function DueTime({ at }: { at: Date }) {
  return <RelativeTime at={at} textAt={dueTime} />;
}
