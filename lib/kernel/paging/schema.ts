import { z } from "zod";
import { words } from "@/lib/kernel/words";

export const PAGE_SIZE = 25;
export const PAGE_SIZES = [25, 50, 100, 200] as const;
const ROW_MAX = 1_000_000_000;
/** An exact total would cost more than the page. */
export const COUNT_CAP = 1_000;

export const SEARCH_MAX = 200;
const SHOWN_MAX = 60;

/** Where a page begins: the order's value of a row, and its id. */
export type Cursor = [string, string];

export const placeShape = {
  row: z.coerce.number().int().min(1).max(ROW_MAX).optional().catch(undefined),
  limit: z.coerce.number().pipe(z.literal(PAGE_SIZES)).optional().catch(undefined),
};

export const searchSchema = z
  .string()
  .max(SEARCH_MAX, `Search for at most ${SEARCH_MAX} characters.`)
  .regex(/^[^\0]*$/, "NUL cannot be searched for.")
  .default("");

export const LIMIT_MAX = 200;

export type ListParams<S extends string> = {
  search: string;
  sort: S;
  direction: "asc" | "desc";
  after?: Cursor | undefined;
  before?: Cursor | undefined;
  row?: number | undefined;
  limit?: number | undefined;
};

export type Page<T> = {
  rows: T[];
  total: { count: number; isCapped: boolean };
  /** Cursors, absent at the ends. */
  previous?: string;
  next?: string;
};

/** Counting stops at `COUNT_CAP`, or a hundred for a broad search. */
export type ViewCount<V extends string = string> = { view: V; count: number; isCapped: boolean };

export type OpenList<R, S extends string = string> = Page<R> & {
  params: ListParams<S> & Readonly<Record<string, unknown>> & { view?: string | undefined };
  views: (ViewCount & { label: string })[];
  isNarrowed: boolean;
  /** Parameters without a meaning here. */
  unknown: string[];
};

type HrefChange = Readonly<Record<string, string | undefined>>;

type Shown = Readonly<Record<string, unknown>> & {
  search: string;
  sort: string;
  direction: "asc" | "desc";
};

/** From the first page, unless the change names one. */
export function listHref(path: string, params: Shown, change: HrefChange): string {
  const query = new URLSearchParams();
  const { after: _after, before: _before, row: _row, ...kept } = params;
  for (const [name, value] of Object.entries({ ...kept, ...change }))
    if (typeof value === "number" || (typeof value === "string" && value !== ""))
      query.set(name, String(value));
  return `${path}?${query}`;
}

export type Query = Readonly<Record<string, string | string[] | undefined>>;

const NOT_FILTERS: ReadonlySet<string> = new Set(
  words("search sort direction after before row limit authorization field fold"),
);
/** Cursors of sections, for example `movedAfter`. */
const OF_SECTION = /(?:After|Before)$/;

/** Reports unknown names and values instead of ignoring them: all listed rows may be changed. */
export function readFilters<S extends z.ZodObject>(
  schema: S,
  query: Query,
): { filters: z.output<S>; unknown: string[] } {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const asked = schema.safeParse(Object.fromEntries(given));
  const isFilter = (name: string) => Object.hasOwn(schema.shape, name);
  const isKnown = (name: string) =>
    isFilter(name) || NOT_FILTERS.has(name) || OF_SECTION.test(name);
  const wrong = new Set([
    ...(asked.error?.issues.map(({ path }) => String(path[0])) ?? []),
    ...given.flatMap(([name]) => (isKnown(name) ? [] : name)),
  ]);
  if (asked.success && wrong.size === 0) return { filters: asked.data, unknown: [] };
  const rest = given.filter(([name]) => !wrong.has(name));
  return {
    filters: schema.parse(Object.fromEntries(rest)),
    unknown: given
      .filter(([name]) => wrong.has(name))
      .map(([name, value]) => `${name}=${String(value).slice(0, SHOWN_MAX)}`),
  };
}

export function placeOf({ after, before, row, limit }: Place): { from?: number; limit: number } {
  const isFirst = after === undefined && before === undefined;
  const place = isFirst ? 1 : row;
  return { ...(place !== undefined && { from: place }), limit: limit ?? PAGE_SIZE };
}

type Place = Pick<ListParams<string>, "after" | "before" | "row" | "limit">;

export function sortLink(
  path: string,
  params: Shown,
  sort: string,
): { sorted: "asc" | "desc" | null; href: string } {
  const sorted = params.sort === sort ? params.direction : null;
  const direction = sorted === "asc" ? "desc" : "asc";
  return { sorted, href: listHref(path, params, { sort, direction }) };
}
