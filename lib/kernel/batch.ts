import { setTimeout as sleep } from "node:timers/promises";

/**
 * Makes one lookup of those that are asked for in the same turn of the event loop: a query costs as
 * much as the rest of a small request, whatever the number of keys in it. Nothing is remembered:
 * every answer was read after its question.
 *
 * @param read answers a list of different keys; a key without an answer is left out
 */
export function batched<V>(
  read: (keys: string[]) => Promise<ReadonlyMap<string, V>>,
): (key: string) => Promise<V | null> {
  let asked = new Set<string>();
  let reading: Promise<ReadonlyMap<string, V>> | undefined;

  const start = async () => {
    await new Promise(setImmediate);
    const keys = [...asked];
    asked = new Set();
    reading = undefined; // who asks from now on is part of the next one
    return read(keys);
  };
  return async (key) => {
    asked.add(key);
    reading ??= start();
    return (await reading).get(key) ?? null;
  };
}

/** How long the first one waits for others: too short to notice beside the network. */
const GATHER_MS = 4;

/**
 * Makes one statement of the writes of a few milliseconds. Each caller gets the result of its own, and
 * all of them the error when the statement fails.
 *
 * @param write takes the inputs, and answers in their order
 */
export function gathered<I, O>(write: (inputs: I[]) => Promise<O[]>): (input: I) => Promise<O> {
  let waiting: { inputs: I[]; written: Promise<O[]> } | undefined;

  const open = () => {
    const inputs: I[] = [];
    const written = sleep(GATHER_MS).then(() => {
      waiting = undefined;
      return write(inputs);
    });
    return { inputs, written };
  };
  return async (input) => {
    waiting ??= open();
    const { inputs, written } = waiting;
    const place = inputs.push(input) - 1;
    const output = (await written)[place];
    if (output === undefined) throw new Error("A write was not answered.");
    return output;
  };
}

/**
 * Lets so many run at a time; the others wait for their turn, in the order in which they came.
 */
export function atMost(count: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = count;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
