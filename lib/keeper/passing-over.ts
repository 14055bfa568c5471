import { elapsed, SECOND_MS } from "@/lib/kernel/clock";

const REST_MS = 10 * SECOND_MS;

type PassingOver = {
  isInVain(passedOver: readonly string[]): boolean;
  found(passedOver: readonly string[], count: number): void;
};

/** In an outage, claims that pass over tenants read every due row: fruitless ones pause. */
export function createPassingOver(now: () => number = elapsed): PassingOver {
  let inVain = { passedOver: "", until: 0 };
  return {
    isInVain: (passedOver) => inVain.passedOver === keyOf(passedOver) && now() < inVain.until,
    found(passedOver, count) {
      const until = passedOver.length > 0 && count === 0 ? now() + REST_MS : 0;
      inVain = { passedOver: keyOf(passedOver), until };
    },
  };
}

function keyOf(passedOver: readonly string[]): string {
  return JSON.stringify([...passedOver].sort());
}
