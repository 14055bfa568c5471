import type { ActionError } from "@/lib/http/schema";

type Told = Pick<ActionError, "message" | "fields">;

/** Its fields' words, or its message. @param isSaid the field shows its own words */
export function problemWords(
  { message, fields = {} }: Told,
  isSaid: (field: string) => boolean = () => false,
): string {
  const words = Object.entries(fields).flatMap(([field, said]) => (isSaid(field) ? [] : said));
  return words.length > 0 ? [...new Set(words)].join(" ") : message;
}
