import { expect, test } from "vitest";
import { AppError } from "@/lib/kernel/errors";
import { fieldsOf } from "./fields-of";
import { OPERATIONS } from "./operations/all";
import { readInput } from "./read-input";

/** What is passed over gives a program all that there is for a part of it, or does what was to be tried. */
test.each(OPERATIONS)("$id refuses a parameter that it does not know", async (operation) => {
  const url = new URL("https://postkey.test/api/x?serach=x");
  const request = new Request(url);
  const asked = { ...operation, params: undefined, body: undefined };
  const refusal = await readInput(asked, { request, url, params: {} }).catch((error) => error);
  expect(refusal).toBeInstanceOf(AppError);
  expect(Object.keys(refusal.fields)).toContain("serach");
});

const WITH_PARAMETERS = OPERATIONS.filter(({ query }) => query);

/** “Expected a number.” would not say why `limit=1&limit=2` is refused; and which of two views is meant, no one knows. */
test.each(WITH_PARAMETERS)("$id says of each parameter that it came twice", async (operation) => {
  const names = operation.query ? fieldsOf(operation.query) : [];
  const url = new URL("https://postkey.test/api/x");
  for (const name of names) for (const value of ["1", "2"]) url.searchParams.append(name, value);
  const asked = { ...operation, params: undefined, body: undefined };
  const request = new Request(url);
  const refusal = await readInput(asked, { request, url, params: {} }).catch((error) => error);
  const once = ["This parameter is given more than once. Send it once."];
  expect(refusal.fields).toEqual(Object.fromEntries(names.map((name) => [name, once])));
});
