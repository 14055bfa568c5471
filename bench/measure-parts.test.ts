import { expect, test } from "vitest";
import { measureParts } from "./measure-parts";
import { type Result, row } from "./table";

const rows = [row("lists", "24 ms", { text: "<= 30 ms", isReached: false })];
const parts = [
  { name: "lists", measure: async (): Promise<Result> => ({ rows }) },
  { name: "pages", measure: () => Promise.reject(new Error("could not sign in (401)")) },
  { name: "tokens", measure: async (): Promise<Result> => ({ rows: [] }) },
  { name: "contacts", measure: async (): Promise<Result> => ({ rows }) },
];

test("a part that cannot be measured, or finds nothing, is named, and the others are measured", async () => {
  const found: string[] = [];
  const told: string[] = [];
  const notMeasured = await measureParts(parts, {
    measure: (part) => part.measure(),
    onResult: (name) => found.push(name),
    onFailure: (name, error) => told.push(`${name}: ${error}`),
    isStopping: () => false,
  });
  expect(notMeasured).toEqual(["pages", "tokens"]);
  expect(found).toEqual(["lists", "contacts"]);
  expect(told).toEqual([
    "pages: Error: could not sign in (401)",
    "tokens: Error: There are no figures.",
  ]);
});

test("parts that a signal kept from running are not measured either", async () => {
  const notMeasured = await measureParts(parts, {
    measure: (part) => part.measure(),
    onResult: () => {},
    onFailure: () => {},
    isStopping: () => true,
  });
  expect(notMeasured).toEqual(["lists", "pages", "tokens", "contacts"]);
});
