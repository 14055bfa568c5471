import type { FoundDevice } from "@/lib/devices/store";
import type { Protocol } from "@/lib/egress/protocols/schema";

import { elapsed, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import type { Refusal } from "./refusals";

/** Providers lock mailboxes after repeated wrong passwords. */
const WRONG_PASSWORD_MS = 15 * MINUTE_MS;
/** A throttling provider may say for how long. */
const THROTTLED = { leastMs: MINUTE_MS, mostMs: 10 * MINUTE_MS };
/** Exchange: `Request is throttled. Suggested Backoff Time: 89117 milliseconds` */
const SUGGESTED = /Suggested Backoff Time: (\d{1,9}) milliseconds/i;

export type Failure = {
  refusal: Refusal;
  remedyId?: string | undefined;
  serverCode?: string | undefined;
};

export type Rest = Failure & { restSeconds?: number };

type Kept = {
  failure: Failure;
  until: number;
  /** A repair since then ends the rest. */
  repairedAt?: number;
};

export class Resting {
  readonly #kept = new Map<string, Kept>();

  begin(device: FoundDevice, protocol: Protocol, { said, ...failure }: Failure & Said): Rest {
    const { emailAccountId: id, repairedAt } = device;
    if (failure.remedyId?.startsWith("password."))
      this.#kept.set(id, { failure, until: elapsed() + WRONG_PASSWORD_MS, repairedAt });
    if (failure.refusal === "slowed_down")
      this.#kept.set(`${id} ${protocol}`, { failure, until: elapsed() + throttledMs(said) });
    return this.of(device, protocol) ?? failure;
  }

  of({ emailAccountId: id, repairedAt }: FoundDevice, protocol: Protocol): Rest | null {
    for (const key of [id, `${id} ${protocol}`]) {
      const kept = this.#kept.get(key);
      if (!kept) continue;
      const restMs = kept.until - elapsed();
      if (restMs <= 0 || repairedAt > (kept.repairedAt ?? repairedAt)) this.#kept.delete(key);
      else if (kept.repairedAt !== undefined) return kept.failure;
      else return { ...kept.failure, restSeconds: Math.ceil(restMs / SECOND_MS) };
    }
    return null;
  }
}

type Said = { said: string };

function throttledMs(said: string): number {
  const suggested = Number(SUGGESTED.exec(said)?.[1] ?? 0);
  return Math.min(Math.max(suggested, THROTTLED.leastMs), THROTTLED.mostMs);
}
