import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { singleton } from "@/lib/kernel/singleton";

/** By which Next.js names a request again when it tells of its failure; what a client sends under it is not read. */
const REQUEST_HEADER = "x-postkey-request";
const RETRY_AFTER_SECONDS = 5;

/** What to do where a request fails for something that passes, by its id. */
const marks = () => singleton("passing-failures", () => new Map<string, () => void>());

/**
 * A page that fails while the database is busy or away is answered with 503, as the API and actions answer: Next.js
 * knows of 500 alone, which says that Postkey is broken, and proxies and monitors believe it.
 */
export function sayWhatPasses(request: IncomingMessage, response: ServerResponse): void {
  const id = randomUUID();
  request.headers[REQUEST_HEADER] = id;
  let isPassing = false;
  marks().set(id, () => {
    isPassing = true;
  });
  response.once("close", () => marks().delete(id));
  const writeHead = response.writeHead.bind(response);
  // What calls end or write alone has its head written by this, too.
  response.writeHead = (status: number, ...rest: never[]) => {
    if (status !== 500 || !isPassing) return writeHead(status, ...rest);
    response.setHeader("retry-after", RETRY_AFTER_SECONDS);
    return writeHead(503, ...rest);
  };
}

/** A request failed, and the same may succeed in a moment. */
export function noteThatItPasses(headers: NodeJS.Dict<string | string[]>): void {
  marks().get(String(headers[REQUEST_HEADER]))?.();
}
