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
