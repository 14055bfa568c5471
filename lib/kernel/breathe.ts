import { setImmediate as nextTurn } from "node:timers/promises";

const AT_A_TIME_MS = 10;

/** In loops over long input: `await breathe()` in each round lets other requests run. */
export function createBreather(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < AT_A_TIME_MS) return undefined;
    return nextTurn().then(() => {
      since = performance.now();
    });
  };
}
