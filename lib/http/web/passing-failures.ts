import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { singleton } from "@/lib/kernel/singleton";

/** Names a request to Next.js; overwritten if a client sends it. */
const REQUEST_HEADER = "x-postkey-request";
const RETRY_AFTER_SECONDS = 5;

const marks = () => singleton("passing-failures", () => new Map<string, () => void>());

/** 503 instead of Next.js' 500, which proxies and monitors take for a broken Postkey. */
export function sayWhatPasses(request: IncomingMessage, response: ServerResponse): void {
  const id = randomUUID();
  request.headers[REQUEST_HEADER] = id;
  let isPassing = false;
  marks().set(id, () => {
    isPassing = true;
  });
  response.once("close", () => marks().delete(id));
  const writeHead = response.writeHead.bind(response);
  // `end` and `write` call this too.
  response.writeHead = (status: number, ...rest: never[]) => {
    if (status !== 500 || !isPassing) return writeHead(status, ...rest);
    response.setHeader("retry-after", RETRY_AFTER_SECONDS);
    return writeHead(503, ...rest);
  };
}

export function noteThatItPasses(headers: NodeJS.Dict<string | string[]>): void {
  marks().get(String(headers[REQUEST_HEADER]))?.();
}
