const LOOK_EVERY_MS = 500;

/** Ctrl-C and SIGTERM stop what was started, once; the process ends when that is done. */
export function stopOnSignal(stop) {
  let isStopping = false;
  const end = async () => {
    if (isStopping) return;
    isStopping = true;
    process.stdout.write("\n  Stopping …\n");
    await stop();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => void end());
  if (process.env.npm_lifecycle_event) whenOrphaned(() => void end());
}

/**
 * npm hands a signal to the shell between it and its script, and that dies of it without handing it on: the script
 * is told by having another parent then.
 */
function whenOrphaned(end) {
  const { ppid } = process;
  setInterval(() => {
    if (process.ppid !== ppid) end();
  }, LOOK_EVERY_MS).unref();
}
