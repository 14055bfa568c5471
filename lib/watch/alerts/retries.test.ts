import { expect, test } from "vitest";
import { DAY_MS } from "@/lib/kernel/clock";
import { RETRIED_FOR, RETRIES } from "./retries";

test.each([0, 1])("a delivery is tried for three days, with chance at %d", (random) => {
  const waits = Array.from({ length: RETRIES.limit }, (_, tried) => {
    // As pg-boss makes a wait of how often it has tried already.
    const doubled = 2 ** Math.min(16, tried + 1) / 2;
    return Math.min(RETRIES.longestMs, RETRIES.firstMs * (doubled + doubled * random));
  });
  expect(Math.round(waits.reduce((sum, each) => sum + each, 0) / DAY_MS)).toBe(3);
  expect(RETRIED_FOR).toBe("three days");
});
