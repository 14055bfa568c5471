import { singleton } from "@/lib/kernel/singleton";

/** A password's hash at its real cost takes a third of a second: tests hash at 2^10 instead of 2^17. */
export function lowerHashCost(): void {
  singleton("password-hash-cost", () => 10);
}
