import { expect, test } from "vitest";
import { productSources } from "@/lib/testing/sources";

/** What a program has not: a page, a form with something typed into it, a button, a list before its eyes. */
const OF_A_PAGE =
  /\b(?:[Rr]eload|th(?:e|is) page|typed|[Bb]utton|[Pp]ress|[Cc]lick|Look at|Check the list|Copy)\b/;
/** What is refused because things are otherwise than the caller believes: a program gets these too. */
const REFUSAL =
  /new AppError\(\s*"(?:stale|conflict|precondition_failed|access_denied)",(?<text>[^;]*?)\);/g;

/** Of people alone: no operation of the API leads there. */
const PEOPLE_ALONE =
  /^lib\/(?:people\/(?:administrators|company|factors|passkeys|passwords)|audit\/archive|http\/auth|migration)\//;

test("a refusal that speaks of a page has words for programs as well", () => {
  const found = productSources()
    .filter(({ file }) => file.startsWith("lib/") && !PEOPLE_ALONE.test(file))
    .flatMap(({ file, text }) =>
      [...text.matchAll(REFUSAL)].map(([, said = ""]) => ({ file, text: said })),
    );
  expect(found.length).toBeGreaterThan(40);
  const unsaid = found.filter(({ text }) => OF_A_PAGE.test(text) && !text.includes("forPrograms"));
  expect(unsaid.map(({ file, text }) => `${file}: ${text.trim()}`)).toEqual([]);
  const told = found.flatMap(({ text }) => text.split("forPrograms").slice(1));
  expect(told.filter((text) => OF_A_PAGE.test(text))).toEqual([]);
});
