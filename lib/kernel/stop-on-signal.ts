type Stop = (exitCode: number) => Promise<void>;

/** Exits with 128 plus the signal's number; at once, until told how to stop. */
export function stopOnSignal(): (stop: Stop) => void {
  let stop: Stop = async (exitCode) => process.exit(exitCode);
  process.once("SIGINT", () => void stop(130));
  process.once("SIGTERM", () => void stop(143));
  return (inOrder) => {
    stop = inOrder;
  };
}
