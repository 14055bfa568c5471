import "server-only";
import type { Actor } from "@/lib/actor";
import { testConnection } from "@/lib/connection-tests/run";
import type { TestEvent } from "@/lib/connection-tests/schema";
import type { TestedAccount } from "@/lib/connection-tests/store";
import { toAppError } from "./problem";

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
      const onEvent = (event: TestEvent) => {
        if (!signal.aborted) controller.enqueue(encoder.encode(`${JSON.stringify(event)}\n`));
      };
      try {
        await testConnection(actor, account, { signal, onEvent });
      } catch (error) {
        const { code, message } = toAppError(error);
        onEvent({ type: "error", code, message });
      }
      if (!signal.aborted) controller.close();
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
