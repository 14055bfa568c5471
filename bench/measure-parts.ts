import { elapsed } from "@/lib/kernel/clock";
import type { Result } from "./table";

type Run<P extends { name: string }> = {
  measure: (part: P) => Promise<Result>;
  /** Takes what a part found as soon as it is there. */
  onResult: (name: string, result: Result) => void;
  onFailure: (name: string, error: unknown) => void;
  isStopping: () => boolean;
};

/**
 * Measures one part after the other; one that fails takes nothing from the others.
 * @returns the names of the parts that were not measured: the run failed unless there are none
 */
export async function measureParts<P extends { name: string }>(
  parts: readonly P[],
  { measure, onResult, onFailure, isStopping }: Run<P>,
): Promise<string[]> {
  const notMeasured: string[] = [];
  for (const part of parts) {
    const startedAt = elapsed();
    try {
      if (isStopping()) throw new Error("The run was stopped.");
      const result = await measure(part);
      if (result.rows.length === 0) throw new Error("There are no figures.");
      onResult(part.name, result);
    } catch (error) {
      notMeasured.push(part.name);
      onFailure(part.name, error);
    }
    console.log(`  ${part.name} took ${((elapsed() - startedAt) / 1_000).toFixed(0)} s`);
  }
  return notMeasured;
}
