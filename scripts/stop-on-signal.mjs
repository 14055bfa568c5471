const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];
const LOOK_EVERY_MS = 500;

/**
 * Starts what Ctrl-C and SIGTERM stop, also while it starts; the process ends when it has stopped.
 *
 * @template {{ stop(): Promise<void> }} R
 * @param {(stopping: AbortSignal) => Promise<R>} start fails soon when it is told to stop, with nothing left running
 * @returns {Promise<R>}
 */
export async function startUntilSignal(start) {
  const stopping = new AbortController();
  const { signal } = stopping;
  for (const each of SIGNALS) process.on(each, () => stopping.abort());
  if (process.env.npm_lifecycle_event) whenOrphaned(() => stopping.abort());
  signal.addEventListener("abort", () => process.stdout.write("\n  Stopping …\n"));
  const running = await start(signal).catch((error) => {
    if (signal.aborted) process.exit(0);
    throw error;
  });
  const end = async () => {
    await running.stop();
    process.exit(0);
  };
  if (signal.aborted) await end();
  signal.addEventListener("abort", () => void end());
  return running;
}

/** npm hands each signal on, but SIGKILL: then this process has another parent. */
function whenOrphaned(end) {
  const { ppid } = process;
  setInterval(() => process.ppid !== ppid && end(), LOOK_EVERY_MS).unref();
}
