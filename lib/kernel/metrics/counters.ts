import { SECOND_MS } from "@/lib/kernel/clock";
import { log } from "@/lib/kernel/log";
import { singleton } from "@/lib/kernel/singleton";
import { type CounterName, HISTOGRAM_BUCKETS_S, type HistogramName, labelsText } from "./schema";
import { addToCounters } from "./store";

type Labels = Readonly<Record<string, string>>;

function pending(): Map<string, { name: string; labels: string; value: number }> {
  return singleton("pending-counters", () => new Map());
}

/** Counted for the installation, by every process. */
export function countUp(name: CounterName, labels: Labels, by = 1): void {
  if (by > 0) add(name, labels, by);
}

export function observe(name: HistogramName, labels: Labels, durationMs: number): void {
  const seconds = durationMs / SECOND_MS;
  for (const bound of HISTOGRAM_BUCKETS_S)
    if (seconds <= bound) add(`${name}_bucket`, { ...labels, le: String(bound) }, 1);
  add(`${name}_bucket`, { ...labels, le: "+Inf" }, 1);
  add(`${name}_sum`, labels, seconds);
  add(`${name}_count`, labels, 1);
}

function add(name: string, labels: Labels, by: number): void {
  const text = labelsText(labels);
  const key = `${name}{${text}}`;
  const known = pending().get(key);
  if (known) known.value += by;
  else pending().set(key, { name, labels: text, value: by });
}

export async function flushCounters(): Promise<void> {
  const counted = [...pending().values()];
  if (counted.length === 0) return;
  pending().clear();
  try {
    await addToCounters(counted);
  } catch (error) {
    log.warn({ error }, "counts were not saved");
    for (const { name, labels, value } of counted) {
      const key = `${name}{${labels}}`;
      const known = pending().get(key);
      pending().set(key, { name, labels, value: value + (known?.value ?? 0) });
    }
  }
}

export function flushCountersRegularly(): void {
  setInterval(() => void flushCounters(), 10 * SECOND_MS).unref();
}
