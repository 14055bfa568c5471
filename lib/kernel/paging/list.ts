import "server-only";
import { z } from "zod";
import type { Actor, Permission } from "@/lib/kernel/actor";
import { readJson } from "@/lib/kernel/text/parse-json";
import {
  type Cursor,
  LIMIT_MAX,
  type ListParams,
  type OpenList,
  PAGE_SIZE,
  type Page,
  placeShape,
  type Query,
  readFilters,
  SEARCH_MAX,
  searchSchema,
  type ViewCount,
} from "./schema";

const cursorSchema = z.tuple([
  z
    .string()
    .max(1_024)
    .regex(/^[^\0]*$/),
  z.uuid(),
]);
const cursorParam = z
  .string()
  .max(4_096)
  .transform((text, context) => {
    const cursor = decodeCursor(text);
    if (!cursor) context.addIssue({ code: "custom", message: "This page no longer exists." });
    return cursor ?? z.NEVER;
  });

export type Filters<F extends z.ZodRawShape> = { [K in keyof F]?: z.output<F[K]> | undefined };

export type Asked<S extends string, V extends string, F extends z.ZodRawShape> = ListParams<S> & {
  view?: V | undefined;
} & Filters<F>;

export type Declared<S extends string, V extends string, F extends z.ZodRawShape, Sort, Shows> = {
  permission: Permission;
  sorts: Readonly<Record<S, Sort>>;
  direction?: "asc" | "desc";
  views: Readonly<Record<V, readonly [label: string, shows: Shows]>>;
  filters: F;
};

export type FiltersOf<L extends { filterSchema: z.ZodType }> = z.output<L["filterSchema"]>;

export type Found<R, V extends string> = { page: Page<R>; counts: ViewCount<V>[] };
type Find<R, A, V extends string> = (actor: Actor, asked: A) => Promise<Found<R, V>>;

export type List<R, S extends string, V extends string, F extends z.ZodRawShape> = {
  (actor: Actor, asked?: Partial<Asked<S, V, F>>): Promise<Page<R>>;
  permission: Permission;
  sortNames: readonly S[];
  viewNames: readonly V[];
  each(actor: Actor, asked?: Partial<Asked<S, V, F>>): AsyncGenerator<R[]>;
  counts(actor: Actor, asked?: Partial<Asked<S, V, F>>): Promise<ViewCount<V>[]>;
  open(
    actor: Actor,
    query: Query,
    fixed?: Partial<Filters<F>>,
  ): Promise<OpenList<R, S> & { params: Asked<S, V, F> }>;
  filterSchema: z.ZodObject<F & { view: z.ZodOptional<z.ZodEnum<{ [K in V]: K }>> }>;
  querySchema(limit?: number): z.ZodType<Asked<S, V, F>> & z.ZodObject;
};

/** Common to all lists; `find` checks the permission. */
export function listOf<
  R,
  const S extends string,
  const V extends string,
  F extends z.ZodRawShape,
  Sort,
  Shows,
>(declared: Declared<S, V, F, Sort, Shows>, find: Find<R, Asked<S, V, F>, V>): List<R, S, V, F> {
  const { permission, direction } = declared;
  const sorts = Object.keys(declared.sorts) as [S, ...S[]]; // the keys are that
  const names = Object.keys(declared.views) as [V, ...V[]]; // the same
  const view = z.enum(names, { error: "This view does not exist." }).optional();
  const filterSchema = z.object({ ...declared.filters, view });
  const paramsSchema = listParamsSchema(sorts, direction && { direction });
  const usual = paramsSchema.parse({});
  const ask = (actor: Actor, asked: object) =>
    find(actor, { ...usual, ...asked } as Asked<S, V, F>);
  const list = async (actor: Actor, asked: object = {}) => (await ask(actor, asked)).page;
  return Object.assign(list, {
    permission,
    sortNames: sorts,
    viewNames: names,
    filterSchema,
    querySchema: (limit?: number) =>
      listQuerySchema(sorts, limit === undefined ? undefined : { limit }).extend(
        filterSchema.shape,
      ),
    async *each(actor: Actor, asked: object = {}) {
      for (let after: Cursor | undefined; ; ) {
        const { rows, next } = await list(actor, { ...asked, after, limit: 500 });
        if (rows.length > 0) yield rows;
        if (next === undefined) return;
        after = decodeCursor(next);
      }
    },
    counts: async (actor: Actor, asked: object = {}) => (await ask(actor, asked)).counts,
    async open(actor: Actor, query: Query, fixed: object = {}) {
      const isFixed = Object.fromEntries(Object.keys(fixed).map((name) => [name, true as const]));
      const { filters, unknown } = readFilters(filterSchema.omit(isFixed as never), query);
      const params = { ...paramsSchema.parse(query), ...filters } as Asked<S, V, F>;
      const { page, counts } = await ask(actor, { ...params, ...fixed });
      const isNarrowed = params.search !== "" || Object.values(filters).some(Boolean);
      const views = counts.map((each) => ({ ...each, label: declared.views[each.view][0] }));
      return { ...page, params, views, isNarrowed, unknown };
    },
  }) as unknown as List<R, S, V, F>; // zod forgets which keys an extended schema has
}

/** Falls back to the first page. @param direction of the default order */
export function listParamsSchema<const S extends readonly [string, ...string[]]>(
  sorts: S,
  { direction }: { direction: "asc" | "desc" } = { direction: "asc" },
) {
  return z.object({
    search: z
      .string()
      .transform((text) => text.slice(0, SEARCH_MAX).replaceAll("\0", ""))
      .catch(""),
    sort: z.enum(sorts).catch(sorts[0] as never),
    direction: z.enum(["asc", "desc"]).catch(direction),
    after: cursorParam.optional().catch(undefined),
    before: cursorParam.optional().catch(undefined),
    ...placeShape,
  });
}

/** Strict, for programs. @param limit the default page size */
export function listQuerySchema<const S extends readonly [string, ...string[]]>(
  sorts: S,
  { limit } = { limit: PAGE_SIZE },
) {
  return z.strictObject({
    search: searchSchema,
    sort: z
      .enum(sorts)
      .default(sorts[0] as never)
      .describe("The field that the rows are ordered by."),
    direction: z
      .enum(["asc", "desc"])
      .default("asc")
      .describe("`asc` for A to Z and old to new, `desc` for the reverse."),
    after: cursorParam.optional(),
    before: cursorParam.optional(),
    limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(limit),
  });
}

export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString("base64url");
}

export function decodeCursor(text: string): Cursor | undefined {
  return readJson(cursorSchema, Buffer.from(text, "base64url").toString("utf8"));
}
