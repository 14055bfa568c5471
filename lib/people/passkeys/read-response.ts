import { z } from "zod";

/** What a browser answered with, as JSON. @returns null for anything else */
export function readResponse<S extends z.ZodType>(schema: S, json: unknown): z.output<S> | null {
  const text = z.string().max(20_000).safeParse(json);
  if (!text.success) return null;
  try {
    return schema.safeParse(JSON.parse(text.data)).data ?? null;
  } catch {
    return null;
  }
}
