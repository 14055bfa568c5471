import { SECOND_MS } from "@/lib/clock";

const EVERY_MS = 2 * SECOND_MS;

/** Tells whoever started this process that its event loop turns; see scripts/processes.mjs. */
export function giveSignsOfLife(): void {
  if (!process.send) return;
  setInterval(() => {
    // Without a listener a closed channel would be an error that ends the process.
    if (process.connected) process.send?.("alive", undefined, undefined, () => {});
  }, EVERY_MS).unref();
}
