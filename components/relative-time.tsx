"use client";

import { useEffect, useState } from "react";

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

const FORMAT = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const REFRESH_MS = 30_000;

/** “3 minutes ago”, kept current, with the exact local time on hover. */
export function RelativeTime({ at }: { at: Date }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    // The server's clock and zone are not the reader's: the first render may differ by design.
    <time dateTime={at.toISOString()} title={exactTime(at)} suppressHydrationWarning>
      {relativeTime(at, now)}
    </time>
  );
}

function relativeTime(at: Date, now: number): string {
  const seconds = Math.round((at.getTime() - now) / 1_000);
  const unit = UNITS.find(([, size]) => Math.abs(seconds) >= size);
  if (!unit) return Math.abs(seconds) < 10 ? "now" : FORMAT.format(seconds, "second");
  const [name, size] = unit;
  return FORMAT.format(Math.round(seconds / size), name);
}

function exactTime(at: Date): string {
  return at.toLocaleString("en-GB", { dateStyle: "full", timeStyle: "long" });
}
