/**
 * Numbers from 0 to 1, the same ones for the same seed: Mulberry32, which goes through all of its 2^32 states
 * before it repeats one.
 */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    const first = Math.imul(state ^ (state >>> 15), state | 1);
    const mixed = first ^ (first + Math.imul(first ^ (first >>> 7), first | 61));
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
