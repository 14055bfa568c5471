import { expect, test } from "vitest";
import { withFigures } from "./figures";
import { row } from "./table";

const measurement = { day: "2026-11-26", commit: "0a1b2c3", machine: "two cores with Node 20" };
const result = { rows: [row("lists", "24 ms", { text: "<= 30 ms", isReached: true })] };
const found = { result, measurement };

const DOCUMENT = `# Figures

Read ratios.

## Lists

<!-- figures: lists -->
Measured long ago.
<!-- end: lists -->

Why they are what they are.

## Memory

<!-- figures: memory -->
Measured with care.
<!-- end: memory -->
`;

test("a part that was measured replaces its own figures and nothing else", () => {
  const written = withFigures(DOCUMENT, "lists", found);
  expect(written).toContain("Measured on 2026-11-26 at 0a1b2c3, on two cores with Node 20.");
  expect(written).toContain("| lists | 24 ms    | <= 30 ms | yes     |");
  expect(written).not.toContain("Measured long ago.");
  for (const kept of ["Read ratios.", "Why they are what they are.", "Measured with care."])
    expect(written).toContain(kept);
});

test("the same figures once more leave the document as it is", () => {
  const once = withFigures(DOCUMENT, "lists", found);
  expect(withFigures(once, "lists", found)).toBe(once);
});

test("a part that stood nowhere is added at the end", () => {
  const written = withFigures(DOCUMENT, "contacts", found);
  expect(written.startsWith(DOCUMENT)).toBe(true);
  expect(written).toContain("## contacts\n\n<!-- figures: contacts -->\nMeasured on");
});

test("a mark without its end is named instead of eating what follows", () => {
  const broken = DOCUMENT.replace("<!-- end: lists -->\n", "");
  expect(() => withFigures(broken, "lists", found)).toThrow("The figures of lists");
});
