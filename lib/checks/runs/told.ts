import type { LeftOut, TestRunRow, TestRunState } from "./schema";

/** “12 never signed in, 3 inactive” */
export function leftOutText({ unsigned, inactive }: LeftOut): string {
  const told = [
    [unsigned, "never signed in"],
    [inactive, "inactive"],
  ] as const;
  return told
    .flatMap(([count, why]) => (count > 0 ? `${count.toLocaleString("en")} ${why}` : []))
    .join(", ");
}

export function testRunState({
  cancelledAt,
  finishedAt,
}: Pick<TestRunRow, "cancelledAt" | "finishedAt">): TestRunState {
  if (cancelledAt) return "cancelled";
  return finishedAt ? "finished" : "running";
}
