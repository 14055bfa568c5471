/** `1 account`, `1,000 accounts`. @param many where it is not `one` plus s */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `Sales, Support and 3 more`. @param count of all, of whom `names` are the first */
export function listed(names: readonly string[], count = names.length, most = count): string {
  const shown = names.slice(0, most);
  const rest = count - shown.length;
  return shown.join(", ") + (rest > 0 ? ` and ${rest.toLocaleString("en")} more` : "");
}
