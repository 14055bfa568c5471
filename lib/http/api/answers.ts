import { z } from "zod";
import * as is from "@/lib/kernel/answers/schema";

export const idParam = z.uuid().toLowerCase();

export const created = z.object({ id: is.id });

/** A page of a list. `next` and `previous` go into `after` and `before`. */
export function pageOf<S extends z.ZodType>(item: S) {
  return z.object({
    rows: z.array(item).describe("This page."),
    total: z
      .object({
        count: is.count.describe("Number of objects counted."),
        isCapped: is.flag.describe("`true` if there are more than were counted."),
      })
      .describe("Number of rows on all pages."),
    previous: is.text
      .optional()
      .describe("Send it as `before` for the page before. Absent on the first page."),
    next: is.text
      .optional()
      .describe("Send it as `after` for the next page. Absent on the last page."),
  });
}
