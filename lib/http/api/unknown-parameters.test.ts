import { expect, test } from "vitest";
import { AppError } from "@/lib/kernel/errors";
import type { AnyOperation } from "./operation";
import { OPERATIONS } from "./operations/all";
import { readAs } from "./read-input";

const reading = OPERATIONS.flatMap(({ id, query }) => (query ? [{ id, query }] : []));

/** A filter that is passed over would give a program all that there is for what it asked. */
test.each(reading)("$id refuses a parameter that it does not know", ({ query }) => {
  expect(refusedFields(query)).toContain("serach");
});

function refusedFields(query: NonNullable<AnyOperation["query"]>): string[] {
  try {
    readAs(query, { serach: "x" }, "query");
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return Object.keys(error.fields ?? {});
  }
}
