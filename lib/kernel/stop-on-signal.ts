type Stop = (exitCode: number) => Promise<void>;

/**
 * Has a signal to stop end the process in order, with the exit code of one that the signal ended (128 and its
 * number). Called first of all: while a process starts nothing is under way, and it ends at once, although
 * something else of it listens for the signal already.
 *
 * @returns what says how to stop from now on
 */
export function stopOnSignal(): (stop: Stop) => void {
  let stop: Stop = async (exitCode) => process.exit(exitCode);
  process.once("SIGINT", () => void stop(130));
  process.once("SIGTERM", () => void stop(143));
  return (inOrder) => {
    stop = inOrder;
  };
}
