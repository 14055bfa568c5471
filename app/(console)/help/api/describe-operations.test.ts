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

test("a patch needs no field", () => {
  expect(needed("patchEmailAccount", "always").filter((path) => !path.includes("."))).toEqual([]);
});

test("fields, parameters and answers say their values and limits", () => {
  const operation = (id: string) => operations.find((each) => each.id === id);
  const parameter = (id: string, name: string) =>
    operation(id)?.parameters.find((each) => each.name === name)?.allowed;
  const field = (id: string, path: string) =>
    fieldsOf(id).find((each) => each.path === path)?.allowed;
  expect(parameter("listEmailAccounts", "limit")).toBe("1 to 200; `25` if left out.");
  expect(parameter("listEmailAccounts", "direction")).toBe("`asc` or `desc`; `asc` if left out.");
  expect(field("createDevice", "protocols")).toBe("A list of `imap`, `smtp`, or `pop3`.");
  expect(field("createEmailAccount", "emailAddress")).toBe("At most 254 characters.");
  const paths = ["hosts.imap.tls", "hosts.smtp.tls", "hosts.pop3.tls"];
  const allowed = "`implicit` or `starttls`.";
  expect(operation("createEmailAccount")?.body?.choices).toEqual([{ paths, allowed }]);
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
