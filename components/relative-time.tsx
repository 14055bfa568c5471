"use client";

import { type MouseEvent, useEffect, useState } from "react";
import { wallTime } from "@/lib/kernel/clock";

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
    event.currentTarget.title = at.toLocaleString("en-GB", {
      dateStyle: "full",
      timeStyle: "long",
    });
  };
  return (
    // The server's clock may differ.
    <time dateTime={at.toISOString()} onMouseEnter={tellExactly} suppressHydrationWarning>
      {textAt(at, since)}
    </time>
  );
}

export function dueTime(at: Date, now: number): string {
  return at.getTime() - now < 10_000 ? "due now" : relativeTime(at, now);
}

export function DueTime({ at }: { at: Date }) {
  return <RelativeTime at={at} textAt={dueTime} />;
}

const UNITS = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** “Next month” would be said of what is due in six weeks. */
const LEAST: Readonly<Record<string, number>> = { month: 2, year: 2 };

const BY_NAME: Readonly<Record<string, { past: string; future: string }>> = {
  day: { past: "yesterday", future: "tomorrow" },
  week: { past: "last week", future: "next week" },
};

/** As Intl.RelativeTimeFormat in English, which keeps a phone busy for a tenth of a second. */
export function relativeTime(at: Date, now: number): string {
  const seconds = Math.round((at.getTime() - now) / 1_000);
  const unit = UNITS.find(([name, size]) => Math.abs(seconds) >= size * (LEAST[name] ?? 1));
  if (!unit && seconds > -10 && seconds <= 0) return "just now";
  if (!unit) return Math.abs(seconds) < 10 ? "now" : inWords(seconds, "second");
  const [name, size] = unit;
  return inWords(Math.round(seconds / size), name);
}

const MOMENT_MS = 5_000;
const REFRESH_MS = 30_000;

/** When to update: “just now” must not stay for half a minute. */
export function staysFor(at: Date, now: number): number {
  return Math.abs(at.getTime() - now) < 60_000 ? MOMENT_MS : REFRESH_MS;
}

function inWords(count: number, unit: string): string {
  const isFuture = count > 0;
  const size = Math.abs(count);
  const named = size === 1 ? BY_NAME[unit] : undefined;
  if (named) return isFuture ? named.future : named.past;
  const text = `${size} ${unit}${size === 1 ? "" : "s"}`;
  return isFuture ? `in ${text}` : `${text} ago`;
}
