import type { z } from "zod";

/** The messages of a schema by field, as a form shows them; empty when it accepts the input. */
export function problemsOf(schema: z.ZodType, input: unknown): Record<string, string> {
  const issues = schema.safeParse(input).error?.issues ?? [];
  return Object.fromEntries(issues.map(({ path, message }) => [path.join(".") || "root", message]));
}
