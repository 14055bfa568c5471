/** Forgets the oldest kept: a client with many keys evicts others but cannot block new ones. */
export function keepLatest<K, V>(kept: Map<K, V>, [key, value]: [K, V], most: number): void {
  kept.delete(key);
  const [oldest] = kept.keys();
  if (kept.size >= most && oldest !== undefined) kept.delete(oldest);
  kept.set(key, value);
}
