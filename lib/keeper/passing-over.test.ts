import { expect, test } from "vitest";
import { SECOND_MS } from "@/lib/kernel/clock";
import { createPassingOver } from "./refresher";

test("a claim that passed over the same and found nothing is not made again for ten seconds", () => {
  const clock = { now: 1_000 };
  const passing = createPassingOver(() => clock.now);
  expect(passing.isInVain(["one", "two"])).toBe(false);
  passing.found(["one", "two"], 0);
  expect(passing.isInVain(["two", "one"])).toBe(true);
  expect(passing.isInVain(["one"])).toBe(false);
  clock.now += 10 * SECOND_MS;
  expect(passing.isInVain(["one", "two"])).toBe(false);
});

test("one that found something is made again at once, and so is one that passes over no one", () => {
  const passing = createPassingOver(() => 1_000);
  passing.found(["one"], 3);
  expect(passing.isInVain(["one"])).toBe(false);
  passing.found([], 0);
  expect(passing.isInVain([])).toBe(false);
});
