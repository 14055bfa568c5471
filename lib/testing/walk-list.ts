import type { List } from "@/lib/kernel/paging/list";
import { administrator } from "./actors";

// biome-ignore lint/suspicious/noExplicitAny: of any list
export type AnyList = List<{ id: string }, any, any, any>;

/** The ids of all rows, page by page. */
export async function walkList(list: AnyList, sort: string, direction: "asc" | "desc") {
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const asked = { direction, sort, limit: "5", ...(after && { after }) };
    const page = await list(administrator(), list.querySchema().parse(asked));
    seen.push(...page.rows.map(({ id }) => id));
    after = page.next;
  } while (after);
  return seen;
}
