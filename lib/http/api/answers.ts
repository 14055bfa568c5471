import { z } from "zod";

/** Parts of answers, and of the queries of lists. Answers take what the domain returns and write it. */

/** RFC 3339, in UTC. */
export const timestamp = z
  .date()
  .transform((date) => date.toISOString())
  .pipe(z.iso.datetime());

export const idParam = z.uuid().toLowerCase();

export const created = z.object({ id: z.uuid() });

/** A page of a list. `next` and `previous` go into `after` and `before`. */
export function pageOf<S extends z.ZodType>(item: S) {
  return z.object({
    rows: z.array(item),
    total: z.object({
      count: z.number().int(),
      isCapped: z.boolean().describe("`true` if there are more than were counted."),
    }),
    previous: z.string().optional(),
    next: z.string().optional(),
  });
}
