import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const fields = ["app", "components"].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".tsx"))
    .flatMap((path) => fieldsOf(join(folder, path))),
);

/** Each `<PasswordInput …/>` of a file, with its attributes. */
function fieldsOf(path: string): { path: string; text: string }[] {
  return readFileSync(path, "utf8")
    .split("<PasswordInput")
    .slice(1)
    .map((rest) => ({ path, text: rest.split("/>")[0] ?? "" }));
}

// Mantine marks every field but this one: a form could not lead to it, and would seem to do nothing.
test("a password field that is wrong is marked as such", () => {
  const wrong = fields.filter(({ text }) => /\berror=/.test(text));
  expect(wrong.length).toBeGreaterThan(5);
  const unmarked = wrong.filter(({ text }) => !text.includes("aria-invalid"));
  expect(unmarked.map(({ path }) => path)).toEqual([]);
});
