import { expect, test } from "vitest";
import { describeOperations } from "./describe-operations";

const operations = describeOperations("https://postkey.example.com").flatMap(
  ({ operations: some }) => some,
);
const fieldsOf = (id: string) => operations.find((each) => each.id === id)?.body?.fields ?? [];
const needed = (id: string, isNeeded: string) =>
  fieldsOf(id).flatMap((field) => (field.isNeeded === isNeeded ? [field.path] : []));

test("a body says which of its fields are needed, always or by what another says", () => {
  expect(needed("createEmailAccount", "always")).toEqual(
    expect.arrayContaining(["name", "emailAddress"]),
  );
  expect(needed("createEmailAccount", "always")).not.toContain("description");
  expect(needed("createEmailAccount", "never")).toContain("description");
  expect(needed("changeEmailAccounts", "always")).toEqual(
    expect.arrayContaining(["selection", "change", "selection.accounts"]),
  );
  expect(needed("changeEmailAccounts", "sometimes")).toContain("selection.emailAccountIds");
});

test("a patch needs no field, and every field of a body has a description", () => {
  expect(needed("patchEmailAccount", "always").filter((path) => !path.includes("."))).toEqual([]);
  const undescribed = operations.flatMap(({ id, body }) =>
    (body?.fields ?? []).filter(({ description }) => !description).map(({ path }) => [id, path]),
  );
  expect(undescribed).toEqual([]);
});

test("every body that is no file has fields", () => {
  const without = operations.filter(
    ({ body }) => body?.contentType === "application/json" && body.fields.length === 0,
  );
  expect(without.map(({ id }) => id)).toEqual([]);
});
