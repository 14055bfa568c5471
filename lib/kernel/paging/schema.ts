import { z } from "zod";

export const PAGE_SIZE = 25;
/** Counting stops here: an exact total of everything would cost more than the page itself. */
export const COUNT_CAP = 1_000;

const SEARCH_MAX = 200;

/** Where a page begins: the sort value and the id of the row at its border. */
const cursorSchema = z.tuple([
  z
    .string()
    .max(1_024)
    .regex(/^[^\0]*$/),
  z.uuid(),
]);
export type Cursor = z.infer<typeof cursorSchema>;

const cursorParam = z
  .string()
  .max(4_096)
  .transform((text, context) => {
    const cursor = decodeCursor(text);
    if (!cursor) context.addIssue({ code: "custom", message: "This page no longer exists." });
    return cursor ?? z.NEVER;
  });

/** Unusable parameters of a page's address fall back to the first page instead of failing. */
export function listParamsSchema<const S extends readonly [string, ...string[]]>(sorts: S) {
  return z.object({
    search: z
      .string()
      .transform((text) => text.slice(0, SEARCH_MAX).replaceAll("\0", ""))
      .catch(""),
    sort: z.enum(sorts).catch(sorts[0] as never),
    direction: z.enum(["asc", "desc"]).catch("asc"),
    after: cursorParam.optional().catch(undefined),
    before: cursorParam.optional().catch(undefined),
  });
}

export const LIMIT_MAX = 200;

/**
 * The same for programs, which are told what is wrong with them.
 * @param limit rows of a page where the program does not say how many
 */
export function listQuerySchema<const S extends readonly [string, ...string[]]>(
  sorts: S,
  { limit } = { limit: PAGE_SIZE },
) {
  return z.strictObject({
    search: z
      .string()
      .max(SEARCH_MAX, `Search for at most ${SEARCH_MAX} characters.`)
      .regex(/^[^\0]*$/, "NUL cannot be searched for.")
      .default(""),
    sort: z.enum(sorts).default(sorts[0] as never),
    direction: z.enum(["asc", "desc"]).default("asc"),
    after: cursorParam.optional(),
    before: cursorParam.optional(),
    limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(limit),
  });
}

export type ListParams<S extends string> = {
  search: string;
  sort: S;
  direction: "asc" | "desc";
  after?: Cursor | undefined;
  before?: Cursor | undefined;
  /** Rows of a page; as many as a screen shows where it is not said. */
  limit?: number;
};

export type Page<T> = {
  rows: T[];
  total: { count: number; isCapped: boolean };
  /** Cursors of the neighbours, as the address of a page carries them; absent at the ends. */
  previous?: string;
  next?: string;
};

export function encodeCursor(cursor: Cursor): string {
  return toBase64Url(JSON.stringify(cursor));
}

function decodeCursor(text: string): Cursor | undefined {
  try {
    return cursorSchema.safeParse(JSON.parse(fromBase64Url(text))).data;
  } catch {
    return undefined;
  }
}

function toBase64Url(text: string): string {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte));
  return btoa(bytes.join(""))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/={1,2}$/, "");
}

function fromBase64Url(text: string): string {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
}

type HrefChange = { sort?: string; direction?: string; after?: string; before?: string };

/** The address of a list with another page or order; what is default is left out. */
export function listHref(
  path: string,
  params: { search: string; sort: string; direction: string },
  change: HrefChange,
): string {
  const { search, sort, direction } = params;
  const query = new URLSearchParams({ sort, direction, ...(search && { search }), ...change });
  return `${path}?${query}`;
}

/** What a column heading needs: how the list stands, and where a click leads. */
export function sortLink(
  path: string,
  params: { search: string; sort: string; direction: "asc" | "desc" },
  sort: string,
): { sorted: "asc" | "desc" | null; href: string } {
  const sorted = params.sort === sort ? params.direction : null;
  const direction = sorted === "asc" ? "desc" : "asc";
  return { sorted, href: listHref(path, params, { sort, direction }) };
}
