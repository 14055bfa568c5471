export function inWords(name: string): string {
  return name
    .replace(/[_.]+/g, " ")
    .replace(/\bsign in\b/g, "sign-in")
    .replace(/(?<=[a-z\d])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function valueInWords(value: unknown): string {
  if (value === null || value === undefined || value === "") return "none";
  if (typeof value === "boolean") return value ? "on" : "off";
  if (Array.isArray(value)) return listed(value.map(valueInWords)) || "none";
  if (typeof value !== "object") return String(value);
  const parts = Object.entries(value).map(
    ([name, each]) => `${capital(inWords(name))}: ${valueInWords(each)}`,
  );
  return listed(parts) || "none";
}

const MOST_PARTS = 12;

function listed(parts: string[]): string {
  const more = parts.length - MOST_PARTS;
  return [...parts.slice(0, MOST_PARTS), ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}
