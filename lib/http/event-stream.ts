import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { subscribe } from "@/lib/kernel/events/hub";
import { readEventsAfter, type StoredEvent } from "@/lib/kernel/events/queries";
import { openStreams } from "@/lib/kernel/events/stream-places";
import { toAppError } from "./problem";

const HEARTBEAT_MS = 15 * SECOND_MS;
/** Ends streams of revoked sessions. */
const CHECK_MS = 2 * SECOND_MS;
const RETRY_MS = 2_000;
/** It reconnects and asks for what it missed. */
const MAX_BUFFERED = 1_000;
/** A proxy may accept data for a client that is gone; a live one reconnects and misses nothing. */
const LIFE_MS = 30 * MINUTE_MS;
/** Spreads reconnects after a restart. */
const LIFE_JITTER_SHARE = 0.2;

/** WHATWG HTML §9.2. Ends with the request, the server, the session, or after half an hour. */
export function eventStream(input: {
  isStillSomebody: () => Promise<boolean>;
  lastEventId: string | null;
  signal: AbortSignal;
  onEnd?: () => void;
  lifeMs?: number;
}): Response {
  const { lifeMs = LIFE_MS } = input;
  const encoder = new TextEncoder();
  let end = () => {};
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let isOver = false;
        const send = (text: string) => {
          // Its client left while missed events were sent.
          if (isOver) return;
          if ((controller.desiredSize ?? 0) < -MAX_BUFFERED) end();
          else controller.enqueue(encoder.encode(text));
        };
        const teller = createTeller(send, input.lastEventId);
        const unsubscribe = subscribe(teller);
        const timer = setInterval(() => {
          send(": still here\n\n");
        }, HEARTBEAT_MS);
        const checks = checkAgainAndAgain(input.isStillSomebody, () => end());
        const life = setTimeout(() => end(), lifeMs * (1 - LIFE_JITTER_SHARE * Math.random()));
        end = () => {
          end = () => {};
          isOver = true;
          clearInterval(timer);
          checks.stop();
          clearTimeout(life);
          unsubscribe();
          openStreams().delete(close);
          input.signal.removeEventListener("abort", close);
          closeQuietly(controller);
          input.onEnd?.();
        };
        const close = () => end();
        openStreams().add(close);
        input.signal.addEventListener("abort", close, { once: true });
        send(`retry: ${RETRY_MS}\n\n`);
        // It left while its session was checked.
        if (input.signal.aborted) end();
      },
      cancel() {
        end();
      },
    },
    { highWaterMark: 16 },
  );
  return new Response(stream, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    },
  });
}

type Told = StoredEvent | "resync";

/** In order, each once; new events wait for the missed ones. */
function createTeller(send: (text: string) => void, lastEventId: string | null) {
  let lastSent = 0n;
  let waiting: Told[] | null = null;

  function tell(event: Told): void {
    if (waiting) waiting.push(event);
    else if (event === "resync") send("event: resync\ndata: {}\n\n");
    else if (BigInt(event.id) > lastSent) {
      lastSent = BigInt(event.id);
      send(`id: ${event.id}\nevent: notice\ndata: ${JSON.stringify(event.notice)}\n\n`);
    }
  }

  async function replay(id: string): Promise<void> {
    const missed = await readEventsAfter(id).catch(() => null);
    const held = waiting ?? [];
    waiting = null;
    for (const event of [...(missed ?? ["resync" as const]), ...held]) tell(event);
  }

  if (lastEventId && /^\d{1,18}$/.test(lastEventId)) {
    waiting = [];
    void replay(lastEventId);
  }
  return tell;
}

/** Sequential: a slow database is not asked more. */
function checkAgainAndAgain(isStillSomebody: () => Promise<boolean>, end: () => void) {
  const check = async () => {
    // A silent database is no reason to sign out.
    if (!(await isStillSomebody().catch(() => true))) end();
    else timer.refresh();
  };
  const timer = setTimeout(() => void check(), CHECK_MS);
  return { stop: () => clearTimeout(timer) };
}

/** The browser may have closed it. */
export function closeQuietly(controller: ReadableStreamDefaultController): void {
  try {
    controller.close();
  } catch {}
}

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
