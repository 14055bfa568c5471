import { z } from "zod";

export function readResponse<S extends z.ZodType>(schema: S, json: unknown): z.output<S> | null {
  const text = z.string().max(20_000).safeParse(json);
  if (!text.success) return null;
  try {
    return schema.safeParse(JSON.parse(text.data)).data ?? null;
  } catch {
    return null;
  }
}
