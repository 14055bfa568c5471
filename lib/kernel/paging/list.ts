import "server-only";
import { z } from "zod";
import type { Actor, Permission } from "@/lib/kernel/actor";
import {
  type Cursor,
  decodeCursor,
  type ListParams,
  listParamsSchema,
  listQuerySchema,
  type OpenList,
  type Page,
  type Query,
  readFilters,
  type ViewCount,
} from "./schema";

/** What the filters of a list narrow it to. */
export type Filters<F extends z.ZodRawShape> = { [K in keyof F]?: z.output<F[K]> | undefined };

/** What a list is asked for: its page and order, and what it is narrowed to. */
export type Asked<S extends string, V extends string, F extends z.ZodRawShape> = ListParams<S> & {
  view?: V | undefined;
} & Filters<F>;

/** What all lists declare, however their rows are found. */
export type Declared<S extends string, V extends string, F extends z.ZodRawShape, Sort, Shows> = {
  permission: Permission;
  /** What it can be sorted by, the usual order first. */
  sorts: Readonly<Record<S, Sort>>;
  /** Of the usual order. */
  direction?: "asc" | "desc";
  /** The chips above the list, each with the rows it shows. */
  views: Readonly<Record<V, readonly [label: string, shows: Shows]>>;
  /** Everything else that it can be narrowed to, each optional; all that are given apply. */
  filters: F;
};

/** What a list can be narrowed to. */
export type FiltersOf<L extends { filterSchema: z.ZodType }> = z.output<L["filterSchema"]>;

export type Found<R, V extends string> = { page: Page<R>; counts: ViewCount<V>[] };
type Find<R, A, V extends string> = (actor: Actor, asked: A) => Promise<Found<R, V>>;

export type List<R, S extends string, V extends string, F extends z.ZodRawShape> = {
  /** One page of the rows. @throws AppError access_denied */
  (actor: Actor, asked?: Partial<Asked<S, V, F>>): Promise<Page<R>>;
  permission: Permission;
  sortNames: readonly S[];
  viewNames: readonly V[];
  /** All rows that are asked for, some hundreds at a time: for a file. */
  each(actor: Actor, asked?: Partial<Asked<S, V, F>>): AsyncGenerator<R[]>;
  /** How many rows each view has of those that a search and the filters find. */
  counts(actor: Actor, asked?: Partial<Asked<S, V, F>>): Promise<ViewCount<V>[]>;
  /** @param fixed what the page itself narrows its list to */
  open(
    actor: Actor,
    query: Query,
    fixed?: Partial<Filters<F>>,
  ): Promise<OpenList<R, S> & { params: Asked<S, V, F> }>;
  /** The filters with the view, as programs and forms send them. */
  filterSchema: z.ZodObject<F & { view: z.ZodOptional<z.ZodEnum<{ [K in V]: K }>> }>;
  /** The query of the API's operation. @param limit rows of a page where the program does not say */
  querySchema(limit?: number): z.ZodType<Asked<S, V, F>> & z.ZodObject;
};

const BATCH = 500;

/** The same outside for every list; `find` asks for its permission and gets at the rows. */
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
        const { rows, next } = await list(actor, { ...asked, after, limit: BATCH });
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
