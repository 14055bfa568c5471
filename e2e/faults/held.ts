import { expect } from "vitest";
import { z } from "zod";
import type { Running } from "./programs";

/** Arguments of node for a process that is asked what it holds. */
export const TELLS_WHAT_IT_HOLDS = ["--expose-gc", "--import", "./e2e/faults/resources.mjs"];

const heldSchema = z.object({ heapMb: z.number(), timers: z.number(), sockets: z.number() });
export type Held = z.output<typeof heldSchema>;

/** What a process holds after it collected its garbage. */
export async function heldBy({ child, lines }: Running): Promise<Held> {
  const marks = () => lines.filter((line) => line.startsWith("HELD "));
  const before = marks().length;
  child.kill("SIGUSR2");
  await expect.poll(() => marks().length, { timeout: 10_000 }).toBeGreaterThan(before);
  return heldSchema.parse(JSON.parse(marks().at(-1)?.slice(5) ?? ""));
}
