import { readFilters } from "@/lib/kernel/paging/schema";
import { isCause } from "@/lib/remedies/catalogue";
import { type AccountFilters, accountFilterSchema } from "./schema";

/** The filters of an address; a cause that nothing can fail with is named among what is not known. */
export function readAccountFilters(query: Parameters<typeof readFilters>[1]): {
  filters: AccountFilters;
  unknown: string[];
} {
  const { filters, unknown } = readFilters(accountFilterSchema, query);
  const { failedWith, ...rest } = filters;
  if (isCauseOf(filters)) return { filters, unknown };
  return { filters: rest, unknown: [...unknown, `failedWith=${failedWith}`] };
}

/** A test run may have failed with an id that an earlier version gave. */
export function isCauseOf({ failedWith, failedInTestRun }: AccountFilters): boolean {
  return failedWith === undefined || failedInTestRun !== undefined || isCause(failedWith);
}
