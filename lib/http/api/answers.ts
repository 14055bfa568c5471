import { z } from "zod";
import { hostsSchema } from "@/lib/egress/schema";

/** RFC 3339, UTC */
export const timestamp = z
  .date()
  .transform((date) => date.toISOString())
  .pipe(z.iso.datetime());

export const idParam = z.uuid().toLowerCase();

export const created = z.object({ id: z.uuid() });

const { imap } = hostsSchema.shape;
/** Parsed when stored: parsing a host again would cost more than the rest of an answer. */
const endpoint = z.object({ ...imap.shape, host: z.string() });
export const hosts = z.object({ imap: endpoint, smtp: endpoint, pop3: endpoint });

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
