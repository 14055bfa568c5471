/**
 * Some tests have two lengths: a short one for `npm test`, and the one whose figures docs/reliability.md states,
 * with `npm run test:long`.
 */
export const isLong = process.env.POSTKEY_TESTS === "long";

export function either<T>(lengths: { short: T; long: T }): T {
  return isLong ? lengths.long : lengths.short;
}

/** A measured figure, for people who read the output of a run. */
export function report(what: string, figures: Record<string, number | string>): void {
  const text = Object.entries(figures).map(([name, value]) => `${name} ${value}`);
  process.stdout.write(`  ${what}: ${text.join(", ")}\n`);
}
