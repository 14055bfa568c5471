import { expect, test } from "vitest";
import { productSources } from "@/lib/testing/sources";

const screens = productSources().filter(({ file }) => file.endsWith(".tsx"));
const saying = (words: RegExp) => screens.filter(({ text }) => words.test(text));
const filesOf = (sources: typeof screens) => sources.map(({ file }) => file).sort();

test("what is shown once is shown by the layout, which no list or page takes away", () => {
  expect(filesOf(saying(/\bstaysOpen\b/))).toEqual([
    // No secret: Enter, pressed a little longer, must not stop what it has just begun.
    "app/(console)/email/accounts/bulk-dialog.tsx",
    "components/dialog.tsx",
    "components/shown-once-dialog.tsx",
  ]);
});

test("what says that it is not shown again is in such a dialog", () => {
  const told = saying(/(?<!Stored encrypted\. It is )not shown again/);
  expect(told.length).toBeGreaterThan(6);
  expect(filesOf(told.filter(({ text }) => !text.includes("ShownOnceDialog")))).toEqual([]);
});

/** Each of an element in the screens, with its attributes. */
const elements = (begin: string, end: string) =>
  screens.flatMap(({ file, text }) =>
    text
      .split(begin)
      .slice(1)
      .map((rest) => ({ file, attributes: rest.split(end)[0] ?? "" })),
  );

// Mantine marks every field but this one: a form could not lead to it, and would seem to do nothing.
test("a password field that is wrong is marked as such", () => {
  const wrong = elements("<PasswordInput", "/>").filter(({ attributes }) =>
    /\berror=|\{\.\.\./.test(attributes),
  );
  expect(wrong.map(({ file }) => file)).toEqual(["components/fields.tsx"]);
  expect(wrong.filter(({ attributes }) => !attributes.includes("aria-invalid"))).toEqual([]);
});

// By another method a browser would send it by itself before the page is ready, with the password in the address.
test("forms are those of components/form.tsx, but for those that a server action takes", () => {
  const forms = elements("<form", ">").filter(({ file }) => file !== "components/form.tsx");
  expect(forms.length).toBeGreaterThan(0);
  expect(forms.filter(({ attributes }) => !/^ action=\{\w+Action\}$/.test(attributes))).toEqual([]);
});
