/**
 * A number with what it counts, as people write it: `1 account`, `1,000 accounts`.
 * @param many where it is not `one` with an s
 */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
