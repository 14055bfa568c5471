import { SECOND_MS } from "./clock";
import { log } from "./log";
import { singleton } from "./singleton";

const EVERY_MS = 2 * SECOND_MS;

const expected = () =>
  singleton("expected-turns", () => new Set<{ name: string; withinMs: number; endedAt: number }>());

/** Withheld while a turn is overdue: work can hang in a live loop. See scripts/processes.mjs. */
export function giveSignsOfLife(): void {
  if (!process.send) return;
  setInterval(() => {
    const overdue = [...expected()].find(
      (each) => performance.now() - each.endedAt > each.withinMs,
    );
    if (overdue) log.error({ turns: overdue.name }, "a turn does not end: no sign of life");
    // Without a callback, a closed channel throws.
    else if (process.connected) process.send?.("alive", undefined, undefined, () => {});
  }, EVERY_MS).unref();
}

/** @returns to call after each turn, even a failed one */
export function expectTurns(name: string, withinMs: number): () => void {
  const turns = { name, withinMs, endedAt: performance.now() };
  expected().add(turns);
  return () => {
    turns.endedAt = performance.now();
  };
}
