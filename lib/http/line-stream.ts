import "server-only";
import { openStreams } from "@/lib/kernel/events/streams";
import { closeQuietly } from "./event-stream";
import { toAppError } from "./problem";

/** Each write costs as much as a stage of a test, and no one sees a tenth of a second. */
const FLUSH_AFTER_MS = 100;

type Problem = { type: "error"; code: string; message: string; remedyId?: string };
type Work<E> = (listening: { signal: AbortSignal; onEvent: (event: E) => void }) => Promise<void>;

/** JSON lines (application/x-ndjson), `error` last; stops when client or server leave. */
export function lineStream<E extends { type: string }>(
  requestSignal: AbortSignal,
  work: Work<E>,
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
      const onEvent = (event: E | Problem) => {
        pending += `${JSON.stringify(event)}\n`;
        timer ??= setTimeout(flush, FLUSH_AFTER_MS);
      };
      const stop = () => left.abort();
      openStreams().add(stop);
      try {
        await work({ signal, onEvent });
      } catch (error) {
        const { code, message, remedyId } = toAppError(error);
        onEvent({ type: "error", code, message, ...(remedyId && { remedyId }) });
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
