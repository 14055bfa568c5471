/**
 * Keeps a value as the last to be forgotten: of more than are kept, those go that were kept longest ago. A client that can make any number of keys then pushes out others, and cannot keep new ones from being known.
 */
export function keepLatest<K, V>(kept: Map<K, V>, [key, value]: [K, V], most: number): void {
  kept.delete(key);
  const [oldest] = kept.keys();
  if (kept.size >= most && oldest !== undefined) kept.delete(oldest);
  kept.set(key, value);
}
