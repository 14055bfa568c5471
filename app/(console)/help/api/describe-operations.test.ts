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

test("no choice, number or field of the description is left out, and a limit is told once", () => {
  const wrong = operations.flatMap(({ id, parameters, body }) => [
    ...(body?.contentType === "application/json" && body.fields.length === 0 ? [id] : []),
    ...parameters.flatMap(({ name, allowed }) =>
      /limit|sort|view/.test(name) && !allowed ? [id] : [],
    ),
    ...(body?.fields ?? []).flatMap(({ path, allowed, description }) => {
      const isChoice = /(?:^|\.)(?:kind|service|tls|port|grant|protocols|testSchedule)$/.test(path);
      const limits = `${description} ${allowed}`.match(/at most [\d,]+ characters/gi) ?? [];
      return (isChoice && !allowed) || !description || limits.length > 1 ? [`${id} ${path}`] : [];
    }),
  ]);
  expect(wrong).toEqual([]);
});
