import "server-only";
import type { Actor } from "@/lib/actor";
import { findComparison } from "@/lib/connection-tests/queries";
import { testConnection } from "@/lib/connection-tests/run";
import type { TestEvent } from "@/lib/connection-tests/schema";
import type { TestedAccount } from "@/lib/connection-tests/store";
import { openStreams } from "@/lib/events/streams";
import { closeQuietly } from "./event-stream";
import { toAppError } from "./problem";

/**
 * Events that fall into one interval travel together: each write costs as much as a stage of the
 * test itself, and nobody sees a twentieth of a second.
 */
const FLUSH_AFTER_MS = 50;

/** One JSON object a line as each stage ends. The test stops when the browser leaves. */
export function connectionTestStream(
  actor: Actor,
  account: TestedAccount,
  requestSignal: AbortSignal,
): Response {
  const encoder = new TextEncoder();
  const left = new AbortController();
  const signal = AbortSignal.any([requestSignal, left.signal]);
  const stream = new ReadableStream<Uint8Array>({
    async start(controller) {
      let pending = "";
      let timer: NodeJS.Timeout | undefined;
      const flush = () => {
        clearTimeout(timer);
        timer = undefined;
        if (pending !== "" && !signal.aborted) controller.enqueue(encoder.encode(pending));
        pending = "";
      };
      const onEvent = (event: TestEvent) => {
        pending += `${JSON.stringify(event)}\n`;
        timer ??= setTimeout(flush, FLUSH_AFTER_MS);
      };
      // A test that runs on would keep the server from stopping.
      const stop = () => left.abort();
      openStreams().add(stop);
      try {
        await testAndCompare(actor, account, { signal, onEvent });
      } catch (error) {
        const { code, message } = toAppError(error);
        onEvent({ type: "error", code, message });
      }
      flush();
      openStreams().delete(stop);
      closeQuietly(controller);
    },
    cancel() {
      left.abort();
    },
  });
  return new Response(stream, {
    headers: {
      "content-type": "application/x-ndjson; charset=utf-8",
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    },
  });
}

type Listening = { signal: AbortSignal; onEvent: (event: TestEvent) => void };

/** The end is told last, after what differs from the last good test, for whoever may read that. */
async function testAndCompare(
  actor: Actor,
  account: TestedAccount,
  { signal, onEvent }: Listening,
): Promise<void> {
  let finished: Extract<TestEvent, { type: "finished" }> | undefined;
  const listen = (event: TestEvent) => {
    if (event.type === "finished") finished = event;
    else onEvent(event);
  };
  await testConnection(actor, account, { signal, onEvent: listen });
  if (!finished) return;
  const { connectionTestId } = finished;
  const mayRead = connectionTestId !== null && actor.permissions.has("accounts:read");
  const comparison = mayRead ? await findComparison(actor, connectionTestId) : null;
  if (comparison) {
    const goodAt = comparison.goodAt.toISOString();
    onEvent({ type: "comparison", comparison: { ...comparison, goodAt } });
  }
  onEvent(finished);
}
