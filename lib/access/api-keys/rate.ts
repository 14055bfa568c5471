import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { isReadOnly } from "@/lib/kernel/database-errors";
import { AppError } from "@/lib/kernel/errors";
import { singleton } from "@/lib/kernel/singleton";
import { counted } from "@/lib/kernel/text/schema";
import { type FoundKey, leaseRequests } from "./store";

/** What this process took of a key's minute. */
type Held = {
  left: number;
  /** There is no more before the minute ends. */
  isLast: boolean;
  /** By this process's monotonic clock, which cannot be set. */
  endsAt: number;
};
type Counter = { held?: Held; asking?: Promise<Held>; waiting: number };

/** More keys than this are in use nowhere: the memory has an end. */
const MAX_KEYS = 10_000;

/**
 * Counts one request of a key that is held to a rate. The minute is counted in the key's row, for all
 * processes of the installation; each takes a share at a time.
 * @throws AppError too_many_requests, with when to come back; unauthenticated when the key is gone
 */
export async function takeRequest({ id, requestsPerMinute }: FoundKey): Promise<void> {
  if (requestsPerMinute === null) return;
  const counter = counterOf(id);
  counter.waiting += 1;
  try {
    for (;;) {
      const held = usable(counter) ?? (await takeMore(counter, { id, requestsPerMinute }));
      if (held.left > 0) {
        held.left -= 1;
        return;
      }
      if (held.isLast) throw tooMany(requestsPerMinute, held.endsAt);
    }
  } finally {
    counter.waiting -= 1;
  }
}

function counterOf(id: string): Counter {
  const counters = singleton("api-rates", () => new Map<string, Counter>());
  const known = counters.get(id);
  if (known) return known;
  if (counters.size >= MAX_KEYS) counters.clear();
  const counter = { waiting: 0 };
  counters.set(id, counter);
  return counter;
}

function usable({ held }: Counter): Held | undefined {
  const isUsable = held && performance.now() < held.endsAt && (held.left > 0 || held.isLast);
  return isUsable ? held : undefined;
}

type Rate = { id: string; requestsPerMinute: number };

/** Once for all that wait: what comes back is enough for them, or the last of the minute. */
function takeMore(counter: Counter, { id, requestsPerMinute: perMinute }: Rate): Promise<Held> {
  counter.asking ??= lease(id, { perMinute, wanted: counter.waiting })
    .then((held) => {
      counter.held = held;
      return held;
    })
    .finally(() => {
      delete counter.asking;
    });
  return counter.asking;
}

async function lease(id: string, asked: { perMinute: number; wanted: number }): Promise<Held> {
  const askedAt = performance.now();
  const found = await leaseRequests(id, asked).catch((error: unknown) => {
    if (isReadOnly(error)) return whileReadOnly(asked.perMinute);
    throw error;
  });
  if (!found) throw new AppError("unauthenticated", "This API key is not valid.");
  const { granted, endsInMs } = found;
  // Counted from before the question, so that nothing is used of a minute that is over.
  const isLast = granted === 0 || granted === asked.perMinute;
  return { left: granted, isLast, endsAt: askedAt + endsInMs };
}

/** Each process counts for itself where the row cannot be written: a token only has to be read. */
function whileReadOnly(perMinute: number) {
  return { granted: perMinute, endsInMs: MINUTE_MS };
}

function tooMany(requestsPerMinute: number, endsAt: number): AppError {
  const seconds = Math.ceil((endsAt - performance.now()) / SECOND_MS);
  const retryAfterSeconds = Math.max(1, seconds);
  return new AppError(
    "too_many_requests",
    `This API key may be used ${counted(requestsPerMinute, "time")} a minute. Try again in ${retryAfterSeconds} s.`,
    { retryAfterSeconds },
  );
}
