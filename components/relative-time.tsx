"use client";

import { type MouseEvent, useEffect, useState } from "react";
import { wallTime } from "@/lib/kernel/clock";
import { relativeTime, staysFor } from "./relative-time-text";

type RelativeTimeProps = { at: Date; textAt?: typeof relativeTime };

/** “3 minutes ago”, kept current, with the exact local time on hover. */
export function RelativeTime({ at, textAt = relativeTime }: RelativeTimeProps) {
  const [now, setNow] = useState(() => wallTime().getTime());
  const everyMs = staysFor(at, now);
  useEffect(() => {
    const timer = setInterval(() => setNow(wallTime().getTime()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  // A row that came after the last tick was not created in the future.
  const since = at.getTime() > now ? Math.max(now, wallTime().getTime()) : now;
  // Formatting it costs more than the rest of a row: it is done for those that are asked about.
  const tellExactly = (event: MouseEvent<HTMLTimeElement>) => {
    event.currentTarget.title = exactTime(at);
  };
  return (
    // The server's clock is not the reader's: the first render may differ by design.
    <time dateTime={at.toISOString()} onMouseEnter={tellExactly} suppressHydrationWarning>
      {textAt(at, since)}
    </time>
  );
}

function exactTime(at: Date): string {
  return at.toLocaleString("en-GB", { dateStyle: "full", timeStyle: "long" });
}
