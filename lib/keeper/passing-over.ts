import { elapsed, SECOND_MS } from "@/lib/kernel/clock";

const REST_MS = 10 * SECOND_MS;

type PassingOver = {
  /** Whether a claim that passes over these found nothing else a moment ago. */
  isInVain(passedOver: readonly string[]): boolean;
  /** What the claim that passed over them found; among them who had as many calls in flight as may be. */
  found(passedOver: readonly string[], count: number): void;
};

/**
 * A claim that passes over someone reads all of their due rows, to the last: in an outage that is every row. Where it
 * found nothing else it is not made again for ten seconds, unless others are passed over by then.
 */
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
