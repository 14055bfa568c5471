import type { IncomingMessage, ServerResponse } from "node:http";
import { SECOND_MS } from "@/lib/kernel/clock";
import type { Refusal } from "./refuse";
import { type BodyLimits, limitText } from "./request-limits";

/** What all bodies hold together. */
export type Hold = { bytes: number; maxBytes: number };

/** A byte that comes alone takes much more room than a byte (RFC 9112 §7.1 lets a client send each so). */
const CHUNK_COSTS_BYTES = 256;
const MAX_CHUNKS = 2_000;

type Arriving = {
  request: IncomingMessage;
  response: ServerResponse;
  limits: BodyLimits;
  hold: Hold;
  problemOf: (request: IncomingMessage, body: Buffer) => Refusal | null;
};

/**
 * Waits until a body is there, in the request's own buffer, where its handler will read it. One that is not
 * to be held is only counted on its way, and dropped where it is too long.
 *
 * @returns null when it may be passed on, why it may not be, or "gone" when the client no longer waits
 */
export async function holdBody(arriving: Arriving): Promise<Outcome> {
  const { request, limits } = arriving;
  if (Number(request.headers["content-length"] ?? 0) > limits.maxBytes) return tooLong(limits);
  return limits.isHeld ? untilComplete(arriving) : dropBeyond(arriving);
}

type Outcome = Refusal | "gone" | null;

function untilComplete(arriving: Arriving): Promise<Outcome> {
  const { request, limits } = arriving;
  return new Promise((resolve) => {
    const { take, drop } = createTaker(arriving);
    let isOver = false;
    const settle = (outcome: Outcome) => {
      isOver = true;
      // Its client may take seconds to read the refusal; others need the room now.
      if (outcome !== null) drop();
      clearTimeout(timer);
      request.off("close", gone);
      resolve(outcome);
    };
    const gone = () => settle("gone");
    const timer = setTimeout(() => settle(tooSlow(limits)), limits.withinMs);
    request.once("close", gone);
    onPush(request, (chunk, push) => {
      const outcome = isOver ? undefined : take(chunk);
      if (outcome !== undefined) settle(outcome);
      if (!isOver || chunk === null) push(chunk);
      // Reading continues although no one takes the chunks yet: the limit bounds them, and drops what is beyond.
      return true;
    });
  });
}

/**
 * Keeps count of one body. `take` returns undefined while there is more to come, and then the outcome; `drop`
 * frees the memory when the body goes no further.
 */
function createTaker({ request, response, limits, hold, problemOf }: Arriving) {
  const chunks: Buffer[] = [];
  let [size, held] = [0, 0];
  const giveBack = () => {
    hold.bytes -= held;
    held = 0;
  };
  response.once("close", giveBack);
  const drop = () => {
    request.read();
    chunks.length = 0;
    giveBack();
  };
  const take = (chunk: Chunk): Refusal | null | undefined => {
    if (chunk === null) return problemOf(request, Buffer.concat(chunks));
    size += chunk.length;
    if (size > limits.maxBytes || chunks.length === MAX_CHUNKS) return tooLong(limits);
    if (hold.bytes + chunk.length + CHUNK_COSTS_BYTES > hold.maxBytes) return noRoom();
    held += chunk.length + CHUNK_COSTS_BYTES;
    hold.bytes += chunk.length + CHUNK_COSTS_BYTES;
    chunks.push(chunk);
    return undefined;
  };
  return { take, drop };
}

function dropBeyond({ request, response, limits }: Arriving): null {
  const isKept = response.shouldKeepAlive;
  let size = 0;
  // An answer before the whole body has come is the last of its connection.
  response.shouldKeepAlive = false;
  onPush(request, (chunk, push) => {
    const isTooLong = size > limits.maxBytes;
    size += chunk?.length ?? 0;
    if (chunk === null) response.shouldKeepAlive = isKept && !isTooLong;
    // The chunk by which it is too long goes on: its reader counts as well, and refuses it for that one.
    return isTooLong && chunk !== null ? true : push(chunk);
  });
  return null;
}

type Chunk = Buffer | null;

/**
 * Takes the place where Node's parser hands over what it read (`Readable.push`), so that the body need not be
 * read first and put back: that would be another stream, and not the request any more.
 */
function onPush(
  request: IncomingMessage,
  take: (chunk: Chunk, push: (chunk: Chunk) => boolean) => boolean,
): void {
  const push = request.push.bind(request);
  request.push = (chunk: Chunk) => take(chunk, push);
}

const TOO_LARGE = "payload_too_large";

function tooLong({ maxBytes }: BodyLimits): Refusal {
  return {
    status: 413,
    title: TOO_LARGE,
    detail: `A body has at most ${limitText(maxBytes)} here.`,
  };
}

function tooSlow({ withinMs }: BodyLimits): Refusal {
  const detail = `A body has to be there within ${withinMs / SECOND_MS} s.`;
  return { status: 408, title: "request_timeout", detail };
}

function noRoom(): Refusal {
  const detail = "More is on its way in than there is room for. Try again in a moment.";
  return { status: 503, title: "temporarily_unavailable", detail, retryAfterSeconds: 1 };
}
