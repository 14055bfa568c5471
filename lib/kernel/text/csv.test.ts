import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { csvLine } from "./write-csv";

const FIRST = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"];

test.each(FIRST)(
  "a cell that begins with %j, after blanks too, is a text to a spreadsheet",
  (first) => {
    for (const cell of [`${first}1+1`, `  ${first}1+1`, `\u3000${first}1+1`])
      expect(csvLine([cell])).toBe(`"'${cell}"\r\n`);
  },
);

test("every cell is quoted, empty ones and numbers too", () => {
  expect(csvLine(["", "12", 'Zoë; "O\'Hara"'])).toBe(`"","12","Zoë; ""O'Hara"""\r\n`);
});

test("whatever the cells hold, they are read back, and nothing else is", () => {
  const cells = fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(cells, (texts) => {
      const [read] = parse(csvLine(texts), { record_delimiter: "\r\n" }) as string[][];
      const kept = read?.map((text, index) => (text === `'${texts[index]}` ? texts[index] : text));
      expect(kept).toEqual(texts);
    }),
  );
});
