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

// By another method a browser would send it by itself before the page is ready, with the password in the address.
test("forms are those of components/form.tsx, but for those that a server action takes", () => {
  const forms = ["app", "components"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".tsx") && path !== "form.tsx")
      .flatMap((path) =>
        [...readFileSync(join(folder, path), "utf8").matchAll(/<form\b[^>]*>/g)].map(
          ([tag]) => `${join(folder, path)}: ${tag}`,
        ),
      ),
  );
  expect(forms.length).toBeGreaterThan(0);
  expect(forms.filter((form) => !/<form action=\{\w+Action\}>$/.test(form))).toEqual([]);
});
