import { describe, expect, test } from "vitest";
import { DAY_MS } from "@/lib/kernel/clock";
import type { Expiry } from "@/lib/watch/calendar/schema";
import { timelineOf } from "./timeline";

/** A Thursday. */
const NOW = new Date("2026-11-26T09:00:00Z");

let made = 0;
function expiry(days: number, kind: Expiry["kind"] = "secret", detail = "abc"): Expiry {
  made += 1;
  return {
    id: `${made}`,
    kind,
    at: new Date(NOW.getTime() + days * DAY_MS),
    detail,
    cloudProviderId: `p${made}`,
    provider: `Provider ${made}`,
    accounts: 2,
    accountNames: [],
  };
}

const titles = (weeks: { label: string; lines: { title: string }[] }[]) =>
  weeks.map(({ label, lines }) => [label, ...lines.map(({ title }) => title)]);

describe("the next days as a timeline", () => {
  test("are grouped by week, and equal things of a day are one line", () => {
    const [one, ...twelve] = [expiry(1), ...Array.from({ length: 12 }, () => expiry(5))];
    const rest = [expiry(5, "certificate"), expiry(13, "sign_in", "3"), expiry(13, "sign_in", "4")];
    const { weeks, later } = timelineOf([...(one ? [one] : []), ...twelve, ...rest], NOW);
    expect(titles(weeks)).toEqual([
      ["This week", `Client secret of ${one?.provider} expires`],
      ["Next week", "12 client secrets expire", `Certificate of ${rest[0]?.provider} expires`],
      ["Week of 7 December", "7 sign-ins at 2 providers end"],
    ]);
    expect(later).toEqual({ weeks: [], count: 0 });
  });

  test("fold what comes after the first six lines by week, and lose nothing", () => {
    const days = Array.from({ length: 60 }, (_, day) => [expiry(day), expiry(day)]).flat();
    const { weeks, later } = timelineOf(days, NOW);
    expect(weeks.flatMap(({ lines }) => lines)).toHaveLength(6);
    expect(later.count).toBe(120 - 12);
    expect(later.weeks.length).toBeLessThanOrEqual(9);
    const shown = [...weeks, ...later.weeks].flatMap(({ lines }) => lines);
    expect(shown.flatMap(({ expiries }) => expiries)).toHaveLength(120);
  });

  test("put Sunday and Monday into different weeks", () => {
    const [sunday, monday] = [expiry(3), expiry(4)];
    expect(timelineOf([sunday, monday], NOW).weeks.map(({ label }) => label)).toEqual([
      "This week",
      "Next week",
    ]);
  });

  test("are empty without anything", () => {
    expect(timelineOf([], NOW)).toEqual({ weeks: [], later: { weeks: [], count: 0 } });
  });
});
