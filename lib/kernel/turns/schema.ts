import { z } from "zod";
import { LIMIT_MAX } from "../paging/schema";

/**
 * Where a list with one order only is looked at: the id of the row before the first one shown, or of the
 * one after the last. Without either, at its beginning.
 */
export type Turn = { after?: string | undefined; before?: string | undefined };

const rowIdSchema = z.union([z.uuid(), z.string().regex(/^\d{1,18}$/)]);

/** Of a page's address, as Next.js hands them out. */
export type PageParameters = Record<string, string | string[] | undefined>;

/** Where a section of a page is, as the page's address says it; at its beginning for what makes no sense. */
export function readTurn(parameters: PageParameters, section: string): Turn {
  const read = (side: keyof Turn) => rowIdSchema.safeParse(parameters[paramOf(section, side)]).data;
  return { after: read("after"), before: read("before") };
}

/** The address of a page with one of its sections turned; the others stay where they are. */
export function turnHref(
  path: string,
  parameters: PageParameters,
  { section, ...turn }: Turn & { section: string },
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    if (typeof value === "string") query.set(name, value);
  for (const side of ["after", "before"] as const) {
    const name = paramOf(section, side);
    query.delete(name);
    if (turn[side] !== undefined) query.set(name, turn[side]);
  }
  return `${path}?${query}`;
}

/** `tests` and `after`: `testsAfter`. */
function paramOf(section: string, side: keyof Turn): string {
  return side === "after" ? `${section}After` : `${section}Before`;
}

/** The query of such a list for programs. `next` and `previous` of an answer go into `after` and `before`. */
export function turnQuerySchema({ limit }: { limit: number }) {
  return z.strictObject({
    after: z.uuid().optional(),
    before: z.uuid().optional(),
    limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(limit),
  });
}
