import { setImmediate as nextTurn } from "node:timers/promises";

/** So short a wait goes unnoticed, and it is long enough for a few hundred lines. */
const AT_A_TIME_MS = 10;

/**
 * For loops over input from outside, which may be long: `await breathe()` in each round gives other requests
 * a turn when this one has run long enough.
 */
export function createBreather(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < AT_A_TIME_MS) return undefined;
    return nextTurn().then(() => {
      since = performance.now();
    });
  };
}
