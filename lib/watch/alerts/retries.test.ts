import { expect, test } from "vitest";
import { DAY_MS } from "@/lib/kernel/clock";
import { RETRIED_FOR, RETRIES } from "./retries";

/** As pg-boss makes a wait of how often it has tried already. */
function waitMs(tried: number, random: number): number {
  const doubled = 2 ** Math.min(16, tried + 1) / 2;
  return Math.min(RETRIES.longestMs, RETRIES.firstMs * (doubled + doubled * random));
}

test.each([0, 0.5, 1])("a delivery is tried for three days, with chance at %d", (random) => {
  const waits = Array.from({ length: RETRIES.limit }, (_, tried) => waitMs(tried, random));
  const days = waits.reduce((sum, each) => sum + each, 0) / DAY_MS;
  expect(Math.round(days)).toBe(3);
  expect(RETRIED_FOR).toBe("three days");
});
