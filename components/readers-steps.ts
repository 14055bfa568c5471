const OR = /^Or (\p{L})/u;

/** The steps that a reader can take. What another step is the alternative to, and is left out, is no “Or” any more. */
export function readersSteps(
  steps: readonly string[],
  isTheirs: (at: number) => boolean,
): string[] {
  const shown: string[] = [];
  let hasAlternative = false;
  for (const [at, step] of steps.entries()) {
    if (!OR.test(step)) hasAlternative = false;
    if (!isTheirs(at)) continue;
    shown.push(hasAlternative ? step : step.replace(OR, (_, first: string) => first.toUpperCase()));
    hasAlternative = true;
  }
  return shown;
}
