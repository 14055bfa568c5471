import { lowerHashCost } from "./hash-cost";

/** What lib/kernel/singleton.ts keeps in this process. */
export const singletons = globalThis as typeof globalThis & {
  postkey?: Map<string, unknown> | undefined;
};

/** As a new process would begin, but for what a hash of a password costs. */
export function forgetSingletons(): void {
  singletons.postkey?.clear();
  lowerHashCost();
}
