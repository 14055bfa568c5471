import "server-only";
import { SECOND_MS } from "./clock";
import { log } from "./log";

/** The supervisor kills after nine seconds as well; a container's runtime after ten. */
const STOP_WITHIN_MS = 9 * SECOND_MS;

/** The header with which the supervisor asks its own web; see scripts/installation.mjs. */
const START_ID = "x-postkey-start";

/**
 * Marks the answer to the supervisor of this start, whose id no other web has in its environment: it
 * must not take another installation on the same port for its own.
 */
export function withStartId(request: Request, response: Response): Response {
  const asked = request.headers.get(START_ID);
  if (asked && asked === process.env.POSTKEY_START_ID) response.headers.set(START_ID, asked);
  return response;
}

/**
 * Calls `stop` when the supervisor is gone: its end closes the pipe, however it ended. Without one,
 * standard input may be anything, and in a container or a unit is at its end from the beginning.
 */
export function stopWithSupervisor(stop: () => void): void {
  if (process.env.POSTKEY_SUPERVISED) process.stdin.once("end", stop).resume();
}

/** Called when the process is to stop: it has ended within ten seconds then, whatever hangs. */
export function endInTime(): void {
  setTimeout(() => {
    log.warn("stopping took too long: what is under way is given up");
    process.exit(1);
  }, STOP_WITHIN_MS).unref();
}
