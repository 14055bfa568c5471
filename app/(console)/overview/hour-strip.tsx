"use client";

import { RepairButtons } from "@/components/repair";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/table";
import type { TestStrip } from "@/lib/checks/schema";
import { counted } from "@/lib/kernel/text/schema";
import classes from "./failing-tests.module.css";

/** Made in the browser: server-rendered, its cells would be sent twice. */
export function HourStrip({ strip: { id, name, buttons, hours } }: { strip: TestStrip }) {
  return (
    <div className={classes.strip}>
      <RowLink href={routes.emailAccount(id)}>{name}</RowLink>
      <div className={classes.hours} role="img" aria-label={summary(hours)}>
        {hours.map((hour, index) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: a tip, whose sum the label says
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: an hour is its place
            key={index}
            data-verdict={verdict(hour)}
            // On demand: together these would be half the page.
            onMouseEnter={({ currentTarget }) => {
              currentTarget.title = cellText(hour, hours.length - index);
            }}
          />
        ))}
      </div>
      <RepairButtons buttons={buttons} size="compact-xs" limit={1} isShort />
    </div>
  );
}

type Hour = TestStrip["hours"][number];

function verdict(hour: Hour): "none" | "ok" | "failed" {
  if (!hour) return "none";
  return hour.failed > 0 ? "failed" : "ok";
}

function cellText(hour: Hour, endedHoursAgo: number): string {
  const when = endedHoursAgo === 1 ? "In the last hour" : `${endedHoursAgo} hours ago`;
  if (!hour) return `${when}: no test`;
  const { passed, failed } = hour;
  if (failed === 0) return `${when}: ${passed === 1 ? "passed" : `${passed} passed`}`;
  return passed === 0
    ? `${when}: ${failed === 1 ? "failed" : `${failed} failed`}`
    : `${when}: ${failed} failed, ${passed} passed`;
}

function summary(hours: Hour[]): string {
  const tested = hours.filter((hour) => hour !== null);
  const passed = tested.reduce((sum, hour) => sum + hour.passed, 0);
  const failed = tested.reduce((sum, hour) => sum + hour.failed, 0);
  const last = hours.findLastIndex((hour) => verdict(hour) === "failed");
  const when = last < 0 ? "" : `, the last within the past ${counted(hours.length - last, "hour")}`;
  return `Last 24 hours: ${passed} passed, ${failed} failed${when}`;
}
