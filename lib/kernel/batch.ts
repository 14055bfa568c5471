import { setTimeout as sleep } from "node:timers/promises";

/** Joins lookups of one turn of the event loop. @param read leaves out keys without an answer */
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

const GATHER_MS = 4;

/** Joins writes of a few milliseconds into one statement, answered in order. */
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

/** Runs at most `count` at once, in order of arrival. */
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
