import { type ChartUnit, valueText } from "./chart-panels";

const [MINUTE_S, HOUR_S, DAY_S] = [60, 3_600, 86_400];

/** In seconds; up to four multiples of each read exactly: `1 min`, not `1.5 min`. */
const STEPS_S = [
  1,
  2,
  5,
  10,
  15,
  ...[1, 2, 5, 15].map((minutes) => minutes * MINUTE_S),
  ...[1, 3, 6].map((hours) => hours * HOUR_S),
];

const INTERVALS = 4;

/** @param max the largest value drawn, in `unit` */
export function durationTicks(max: number, unit: Exclude<ChartUnit, "count">): number[] {
  const step = stepFor(max / INTERVALS, unit);
  const count = Math.max(1, Math.ceil(max / step));
  return Array.from({ length: count + 1 }, (_, nth) => nth * step);
}

function stepFor(least: number, unit: Exclude<ChartUnit, "count">): number {
  if (unit === "ms") return roundUp(least);
  return STEPS_S.find((step) => step >= least) ?? DAY_S * roundUp(least / DAY_S);
}

/** 1, 2, 5, 10, 20, 50 … */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return [1, 2, 5, 10].map((digit) => digit * power).find((step) => step >= value) ?? 10 * power;
}

/** `0 s`, `5 min`, `1 d 12 h`: without zero parts. */
export function tickText(value: number, unit: ChartUnit): string {
  return valueText(value, unit).replace(/ 0 (h|min)$/, "");
}
