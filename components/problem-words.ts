import type { ActionError } from "@/lib/http/schema";

type Told = Pick<ActionError, "message" | "fields">;

/**
 * What is said of a refusal where no field says it: the words of its fields, which name what is wrong, and the
 * message of the whole where it has none.
 * @param isSaid whether a field has its own words beside it
 */
export function problemWords(
  { message, fields = {} }: Told,
  isSaid: (field: string) => boolean = () => false,
): string {
  const words = Object.entries(fields).flatMap(([field, said]) => (isSaid(field) ? [] : said));
  return words.length > 0 ? [...new Set(words)].join(" ") : message;
}
