/** What lib/kernel/singleton.ts keeps in this process. */
export const singletons = globalThis as typeof globalThis & {
  postkey?: Map<string, unknown> | undefined;
};

/** As a new process would begin. */
export function forgetSingletons(): void {
  singletons.postkey?.clear();
}
