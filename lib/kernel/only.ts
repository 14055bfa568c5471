type Words<T extends string> = T extends `${infer W} ${infer R}` ? W | Words<R> : T;

/** Of a `select`: `only("id name")` is `{ id: true, name: true }`. */
export function only<T extends string>(...names: T[]): Record<Words<T>, true> {
  const all = names.flatMap((some) => some.split(" "));
  return Object.fromEntries(all.map((name) => [name, true])) as Record<Words<T>, true>; // as they are written
}
