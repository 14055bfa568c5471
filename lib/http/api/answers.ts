import { z } from "zod";
import { countSchema } from "@/lib/kernel/fields/schema";

export const idParam = z.uuid().toLowerCase();

export const created = z.object({ id: z.uuid() });

/** A page of a list. `next` and `previous` go into `after` and `before`. */
export function pageOf<S extends z.ZodType>(item: S) {
  return z.object({
    rows: z.array(item),
    total: z.object({
      count: countSchema,
      isCapped: z.boolean().describe("`true` if there are more than were counted."),
    }),
    previous: z.string().optional(),
    next: z.string().optional(),
  });
}
