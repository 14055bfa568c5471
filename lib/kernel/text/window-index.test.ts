import fc from "fast-check";
import { expect, test } from "vitest";
import { indexWindows } from "./window-index";

const LENGTH = 7;
const text = fc.string({ unit: fc.constantFrom(..."abc=+/\u00ff"), maxLength: 60 });

test("no piece of a form is passed over, wherever it stands", () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 4 }), text, text, (forms, before, after) => {
      const mayHold = indexWindows(forms, LENGTH);
      for (const form of forms)
        for (let at = 0; at + LENGTH <= form.length; at += 1)
          expect(mayHold(`${before}${form}${after}`, before.length + at)).toBe(true);
    }),
  );
});

test("nearly every piece of something else is", () => {
  const mayHold = indexWindows(["a form of some letters, ".repeat(400)], LENGTH);
  const other = Array.from({ length: 2_000 }, (_, index) => index.toString(36)).join("_");
  const held = Array.from({ length: other.length - LENGTH }, (_, at) => mayHold(other, at));
  expect(held.filter(Boolean).length).toBeLessThan(held.length / 100);
});
