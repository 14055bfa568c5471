import { expect, test } from "vitest";
import { timelineOf } from "./entries";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 29, 6, minute));
const open = { openedAt: at(0), firstOpenedAt: null, quietSince: null, resolvedAt: null };
const textsOf = (...[about]: Parameters<typeof timelineOf>) =>
  timelineOf(about).map(({ text }) => text);

test("channels were notified where one of them was sent something, and nobody where there was none", () => {
  const announced = { ...open, announcedAt: at(10) };
  expect(textsOf({ ...announced, alerts: [{ deliveries: [{}] }] })).toEqual([
    "Started",
    "Alert channels notified",
  ]);
  expect(textsOf({ ...announced, alerts: [{ deliveries: [] }] })).toEqual([
    "Started",
    "Shown on this page only",
  ]);
});

test("before that, channels are spoken of as such that there may be", () => {
  expect(textsOf({ ...open, announcedAt: null, alerts: [] })).toEqual([
    "Started",
    "Alert channels, if there are any, are notified if it lasts",
  ]);
});
