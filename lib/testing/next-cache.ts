/** Stands for `next/cache` in unit tests (vitest.config.ts): what was rendered again, as `path type`. */
export const revalidated: string[] = [];

export function revalidatePath(path: string, type?: string): void {
  revalidated.push(`${path} ${type}`);
}
