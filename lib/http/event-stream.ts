import "server-only";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { subscribe } from "@/lib/kernel/events/hub";
import { readEventsAfter, type StoredEvent } from "@/lib/kernel/events/queries";
import { openStreams } from "@/lib/kernel/events/streams";

const HEARTBEAT_MS = 15 * SECOND_MS;
/** Who may not any more hears nothing for longer. */
const CHECK_MS = 2 * SECOND_MS;
const RETRY_MS = 2_000;
/** A client that does not read is disconnected; it reconnects and asks for what it missed. */
const MAX_BUFFERED = 1_000;
/**
 * Something on the way may accept data for a client that is gone, without ever saying so: therefore each
 * stream ends at some time. A client that is still there reconnects with the last id and misses nothing.
 */
const LIFE_MS = 30 * MINUTE_MS;
/** Those that were opened together, as after a restart, do not all come back together. */
const LIFE_JITTER_SHARE = 0.2;

/**
 * Server-sent events (WHATWG HTML §9.2) from the one after `lastEventId`. Ends with the request, when the
 * server stops, soon after the session or key is no longer valid, and after half an hour in any case.
 *
 * @param isStillSomebody whether the session or the key that asked may still be used
 */
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
          // What was missed is still being told when a client leaves that asked for it.
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
        // A client that left while its session was checked gets no event to tell it.
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

/**
 * Sends each event once and in order, first those that were missed while the client was away. Events that
 * arrive during that query wait for it.
 */
function createTeller(send: (text: string) => void, lastEventId: string | null) {
  let lastSent = 0n;
  let waiting: Told[] | null = null;

  function tell(event: Told): void {
    if (waiting) waiting.push(event);
    else if (event === "resync") send(RESYNC);
    else if (BigInt(event.id) > lastSent) {
      lastSent = BigInt(event.id);
      send(formatEvent(event));
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

const RESYNC = "event: resync\ndata: {}\n\n";

/** One after the other: a database that is slow is not asked more. */
function checkAgainAndAgain(isStillSomebody: () => Promise<boolean>, end: () => void) {
  const check = async () => {
    // A database that does not answer now is no reason to sign anyone out.
    if (!(await isStillSomebody().catch(() => true))) end();
    else timer.refresh();
  };
  const timer = setTimeout(() => void check(), CHECK_MS);
  return { stop: () => clearTimeout(timer) };
}

function formatEvent({ id, notice }: { id: string; notice: object }): string {
  return `id: ${id}\nevent: notice\ndata: ${JSON.stringify(notice)}\n\n`;
}

/** Ends a stream that the browser may have ended before. */
export function closeQuietly(controller: ReadableStreamDefaultController): void {
  try {
    controller.close();
  } catch {
    // The browser was faster.
  }
}
