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
}
