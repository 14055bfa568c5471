import { expect, test } from "vitest";
import { elapsed } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { publish } from "@/lib/kernel/events/mutations";
import { withDatabase } from "@/lib/testing/database";
import { startLoop } from "./loop";
import { untilStatesChange } from "./loops";

withDatabase();

const change = () =>
  db().$transaction((tx) => publish(tx, { type: "cloud_provider", id: crypto.randomUUID() }));

test("a loop has its next turn when a state changes, and not before its shortest pause is over", async () => {
  const turns: number[] = [];
  const pause = untilStatesChange({ shortestMs: 300, longestMs: 60_000 });
  const stop = startLoop("looks", pause, async () => turns.push(elapsed()));
  await expect.poll(() => turns.length).toBe(1);
  // Until its connection listens nothing is heard.
  const heard = async () => {
    await change();
    return turns.length;
  };
  await expect.poll(heard, { timeout: 20_000 }).toBeGreaterThan(2);
  await stop();
  const gaps = turns.slice(1).map((at, index) => at - (turns[index] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(290);
});
