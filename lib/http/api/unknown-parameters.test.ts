import { expect, test } from "vitest";
import { AppError } from "@/lib/kernel/errors";
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
