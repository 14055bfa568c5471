const NAMED = 8;

/** “Sales, Support and 3 more.” */
export function namesText(names: readonly string[]): string {
  const rest = names.length - NAMED;
  const shown = names.slice(0, NAMED).join(", ");
  return rest > 0 ? `${shown} and ${rest.toLocaleString("en")} more.` : `${shown}.`;
}
