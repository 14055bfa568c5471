import "server-only";
import { env } from "@/lib/env";
import { closeStreamsOnStop } from "@/lib/events/streams";
import { log } from "@/lib/log";
import { giveSignsOfLife } from "@/lib/sign-of-life";

/** Before the first request: a wrong configuration stops the start, with one line per variable. */
export function startServer(): void {
  const { url } = env();
  // next-auth reads its public address from the environment only.
  process.env.NEXTAUTH_URL ??= url.origin;
  closeStreamsOnStop();
  giveSignsOfLife();
  if (process.env.POSTKEY_SUPERVISED) stopWithSupervisor();
}

/** The supervisor's end closes the pipe, however it ended. */
function stopWithSupervisor(): void {
  process.stdin.once("end", () => process.kill(process.pid, "SIGTERM")).resume();
}

/** What nothing else handled. The query is left out: a callback carries a code in it. */
export function logRequestError(error: unknown, request: { path: string; method: string }): void {
  const [path] = request.path.split("?");
  log.error({ error, path, method: request.method }, "request failed");
}
