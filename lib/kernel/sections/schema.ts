import { z } from "zod";
import { LIMIT_MAX } from "../paging/schema";

/** Id of the row before the first shown, or after the last. */
export type Position = { after?: string | undefined; before?: string | undefined };

const rowIdSchema = z.union([z.uuid(), z.string().regex(/^\d{1,18}$/)]);

export type PageParameters = Record<string, string | string[] | undefined>;

/** Invalid parameters mean the beginning. */
export function readPosition(parameters: PageParameters, section: string): Position {
  const read = (side: keyof Position) =>
    rowIdSchema.safeParse(parameters[paramOf(section, side)]).data;
  return { after: read("after"), before: read("before") };
}

export function positionHref(
  path: string,
  parameters: PageParameters,
  { section, ...position }: Position & { section: string },
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    if (typeof value === "string") query.set(name, value);
  for (const side of ["after", "before"] as const) {
    const name = paramOf(section, side);
    query.delete(name);
    if (position[side] !== undefined) query.set(name, position[side]);
  }
  return `${path}?${query}`;
}

function paramOf(section: string, side: keyof Position): string {
  return side === "after" ? `${section}After` : `${section}Before`;
}

/** `next` and `previous` of an answer become `after` and `before`. */
export function turnQuerySchema({ limit }: { limit: number }) {
  return z.strictObject({
    after: z.uuid().optional(),
    before: z.uuid().optional(),
    limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(limit),
  });
}
