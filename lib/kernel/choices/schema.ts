export const CHOICES_SHOWN = 50;

/** `detail` tells apart equal names; `state` is shown as a badge, `key` only found. */
export type Choice = { id: string; name: string; detail?: string; key?: string; state?: string };

/** Whether what was typed names it in full. */
export function isNamed({ name, detail, key }: Choice, typed: string): boolean {
  const wanted = typed.trim().toLowerCase();
  return [name, detail, key].some((each) => each?.toLowerCase() === wanted);
}

export function exactFirst(found: readonly Choice[], typed: string): Choice[] {
  return found.toSorted((a, b) => Number(isNamed(b, typed)) - Number(isNamed(a, typed)));
}

export type Choices = { found: Choice[]; hasMore: boolean };
