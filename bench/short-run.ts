/**
 * Whether this run only proves that every part can be measured (`npm run bench -- --short`). Its figures
 * mean nothing and are not written down.
 */
export const isShortRun = process.argv.includes("--short");

/** So many of something, or fewer in a short run. */
export function atMost(count: number, inShortRun: number): number {
  return isShortRun ? inShortRun : count;
}
