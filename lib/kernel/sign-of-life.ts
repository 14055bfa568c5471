import { SECOND_MS } from "./clock";
import { log } from "./log";
import { singleton } from "./singleton";

const EVERY_MS = 2 * SECOND_MS;

type Turns = { name: string; withinMs: number; endedAt: number };

const expected = () => singleton("expected-turns", () => new Set<Turns>());

/**
 * Tells the process that started this one that it works; see scripts/processes.mjs. A running event loop
 * proves nothing when the work itself hangs: there are no signs while a turn is overdue.
 */
export function giveSignsOfLife(): void {
  if (!process.send) return;
  setInterval(() => {
    const overdue = [...expected()].find(
      (each) => performance.now() - each.endedAt > each.withinMs,
    );
    if (overdue) log.error({ turns: overdue.name }, "a turn does not end: no sign of life");
    // Without a listener a closed channel would be an error that ends the process.
    else if (process.connected) process.send?.("alive", undefined, undefined, () => {});
  }, EVERY_MS).unref();
}

/**
 * From now on a turn has to end, well or not, at least this often.
 * @returns what is called at the end of each
 */
export function expectTurns(name: string, withinMs: number): () => void {
  const turns = { name, withinMs, endedAt: performance.now() };
  expected().add(turns);
  return () => {
    turns.endedAt = performance.now();
  };
}
