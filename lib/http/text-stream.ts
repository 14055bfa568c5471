import "server-only";
import { openStreams } from "@/lib/kernel/events/streams";

/** Aborts visibly when the server stops. */
export function textStream(pieces: AsyncGenerator<string>, headers: HeadersInit): Response {
  const encoder = new TextEncoder();
  let stop = () => {};
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      stop = () => controller.error(new Error("The server stops."));
      openStreams().add(stop);
    },
    async pull(controller) {
      try {
        const { value, done } = await pieces.next();
        if (!done) return controller.enqueue(encoder.encode(value));
        openStreams().delete(stop);
        controller.close();
      } catch (error) {
        openStreams().delete(stop);
        controller.error(error);
      }
    },
    async cancel() {
      openStreams().delete(stop);
      await pieces.return(undefined);
    },
  });
  const answer = new Response(stream, { headers });
  answer.headers.set("cache-control", "no-store, no-transform");
  answer.headers.set("x-accel-buffering", "no");
  return answer;
}
