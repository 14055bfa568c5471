type Words<T extends string> = T extends `${infer W} ${infer R}` ? W | Words<R> : T;

/** A list of names: `words("imap smtp")` is `["imap", "smtp"]`. */
export function words<T extends string>(...texts: T[]): readonly Words<T>[] {
  return texts.flatMap((text) => text.split(" ")) as Words<T>[]; // as they are written
}

/** Of a `select`: `only("id name")` is `{ id: true, name: true }`. */
export function only<T extends string>(...names: T[]): Record<Words<T>, true> {
  const all = words(...names).map((name) => [name, true]);
  return Object.fromEntries(all) as Record<Words<T>, true>; // of all names
}
