import "server-only";
import { SECOND_MS } from "./clock";
import { log } from "./log";

/** The supervisor also kills after nine seconds; container runtimes after ten. */
const STOP_WITHIN_MS = 9 * SECOND_MS;

/** See scripts/installation.mjs. */
const START_ID = "x-postkey-start";

/** Proves this start: the supervisor must not take another installation on the port for it. */
export function withStartId(request: Request, response: Response): Response {
  const asked = request.headers.get(START_ID);
  if (asked && asked === process.env.POSTKEY_START_ID) response.headers.set(START_ID, asked);
  return response;
}

/** Its end closes the pipe. Without one, stdin may be at its end from the start. */
export function stopWithSupervisor(stop: () => void): void {
  if (process.env.POSTKEY_SUPERVISED) process.stdin.once("end", stop).resume();
}

export function endInTime(): void {
  setTimeout(() => {
    log.warn("stopping took too long: what is under way is given up");
    process.exit(1);
  }, STOP_WITHIN_MS).unref();
}
