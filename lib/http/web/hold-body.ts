import type { IncomingMessage, ServerResponse } from "node:http";
import { SECOND_MS } from "@/lib/kernel/clock";
import type { Refusal } from "./head-problem";
import { type BodyLimits, bodyProblem, limitText } from "./request-limits";

export type Hold = { bytes: number; maxBytes: number };

/** Clients may send bytes one by one (RFC 9112 §7.1), which costs much more memory. */
const CHUNK_COSTS_BYTES = 256;
const MAX_CHUNKS = 2_000;

type Arriving = {
  request: IncomingMessage;
  response: ServerResponse;
  limits: BodyLimits;
  hold: Hold;
};

type Outcome = Refusal | "gone" | null;

/** Uploads pass through; nothing may follow them. @returns null to go on, a refusal, or "gone" */
export async function admitBody(arriving: Arriving): Promise<Outcome> {
  const { request, response, limits } = arriving;
  const { "content-length": length = 0, "transfer-encoding": coding } = request.headers;
  if (Number(length) > limits.maxBytes) return tooLong(limits);
  if (Number(length) === 0 && coding === undefined) return null;
  if (limits.isHeld) return untilComplete(arriving);
  response.shouldKeepAlive = false;
  return null;
}

function untilComplete({ request, response, limits, hold }: Arriving): Promise<Outcome> {
  const chunks: Buffer[] = [];
  let [size, held, isOver] = [0, 0, false];
  const giveBack = () => {
    hold.bytes -= held;
    held = 0;
  };
  response.once("close", giveBack);
  const push = request.push.bind(request);
  return new Promise((resolve) => {
    const settle = (outcome: Outcome) => {
      isOver = true;
      // The client may read slowly; others need the room.
      if (outcome !== null) {
        request.read();
        chunks.length = 0;
        giveBack();
      }
      clearTimeout(timer);
      request.off("close", gone);
      resolve(outcome);
    };
    const gone = () => settle("gone");
    const timer = setTimeout(() => settle(tooSlow(limits)), limits.withinMs);
    request.once("close", gone);
    const take = (chunk: Buffer) => {
      size += chunk.length;
      held += chunk.length + CHUNK_COSTS_BYTES;
      hold.bytes += chunk.length + CHUNK_COSTS_BYTES;
      chunks.push(chunk);
      if (size > limits.maxBytes || chunks.length > MAX_CHUNKS) settle(tooLong(limits));
      else if (hold.bytes > hold.maxBytes) settle(NO_ROOM);
    };
    // Here Node's parser delivers; the request object stays the same.
    request.push = (chunk: Buffer | null) => {
      if (!isOver && chunk) take(chunk);
      else if (!isOver) settle(problemOf(request, Buffer.concat(chunks)));
      if (!isOver || chunk === null) push(chunk);
      // Keeps reading: the limits bound it.
      return true;
    };
  });
}

function problemOf({ headers }: IncomingMessage, body: Buffer): Refusal | null {
  const detail = bodyProblem(body, headers["content-type"] ?? "");
  return detail === null ? null : { status: 413, title: "payload_too_large", detail };
}

function tooLong({ maxBytes }: BodyLimits): Refusal {
  const detail = `A body has at most ${limitText(maxBytes)} here.`;
  return { status: 413, title: "payload_too_large", detail };
}

function tooSlow({ withinMs }: BodyLimits): Refusal {
  const detail = `A body has to be there within ${withinMs / SECOND_MS} s.`;
  return { status: 408, title: "request_timeout", detail };
}

const NO_ROOM: Refusal = {
  status: 503,
  title: "temporarily_unavailable",
  detail: "More is on its way in than there is room for. Try again in a moment.",
  headers: { "retry-after": "1" },
};
