import { expect, test, vi } from "vitest";
import { openStreams } from "@/lib/kernel/events/streams";
import { withDatabase } from "@/lib/testing/database";
import { eventStream } from "./event-stream";

withDatabase();

test("a client that left before the stream began keeps no place", () => {
  let ended = 0;
  eventStream({
    isStillSomebody: () => Promise.resolve(true),
    lastEventId: null,
    signal: AbortSignal.abort(),
    onEnd: () => {
      ended += 1;
    },
  });
  expect(ended).toBe(1);
  expect(openStreams().size).toBe(0);
});

test("one that leaves later gives it back then", () => {
  let ended = 0;
  const leaving = new AbortController();
  eventStream({
    isStillSomebody: () => Promise.resolve(true),
    lastEventId: null,
    signal: leaving.signal,
    onEnd: () => {
      ended += 1;
    },
  });
  expect([ended, openStreams().size]).toEqual([0, 1]);
  leaving.abort();
  expect([ended, openStreams().size]).toEqual([1, 0]);
});

test("one whose session ended hears nothing after two seconds", async () => {
  let isSomebody = true;
  let ended = 0;
  eventStream({
    isStillSomebody: () => Promise.resolve(isSomebody),
    lastEventId: null,
    signal: new AbortController().signal,
    onEnd: () => {
      ended += 1;
    },
  });
  isSomebody = false;
  await vi.waitFor(() => expect(ended).toBe(1), { timeout: 10_000 });
});
