import { setImmediate as nextTurn } from "node:timers/promises";

/** Nobody notices so short a wait, and it is long enough for a few hundred lines. */
const AT_A_TIME_MS = 10;

/**
 * For loops over what somebody else sent, and which may therefore be long: `await breathe()` in each round lets
 * everybody else have a turn when this one has lasted long enough.
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
