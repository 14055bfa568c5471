import { expect, test, vi } from "vitest";
import { openStreams } from "@/lib/kernel/events/stream-places";
import { withDatabase } from "@/lib/testing/database";
import { eventStream } from "./event-stream";

withDatabase();

function open(signal: AbortSignal, isStillSomebody = async () => true) {
  const stream = { ended: 0 };
  const onEnd = () => {
    stream.ended += 1;
  };
  eventStream({ isStillSomebody, lastEventId: null, signal, onEnd });
  return stream;
}

test("a client that left before the stream began keeps no place, and one that leaves later gives it back then", () => {
  expect(open(AbortSignal.abort())).toEqual({ ended: 1 });
  expect(openStreams().size).toBe(0);
  const leaving = new AbortController();
  const stream = open(leaving.signal);
  expect([stream.ended, openStreams().size]).toEqual([0, 1]);
  leaving.abort();
  expect([stream.ended, openStreams().size]).toEqual([1, 0]);
});

test("one whose session ended hears nothing more", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const stream = open(new AbortController().signal, async () => false);
  await vi.advanceTimersByTimeAsync(2_000).finally(() => vi.useRealTimers());
  expect(stream.ended).toBe(1);
});
