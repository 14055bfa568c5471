import { expect, test } from "vitest";
import { countText } from "./count-text";

const noun = { one: "event", many: "events" };
const capped = (count: number) => ({ count, isCapped: true });
const exact = (count: number) => ({ count, isCapped: false });

test.each([
  [{ total: exact(1), shown: 1, from: 1 }, "1 event"],
  [{ total: exact(262), shown: 25, from: 26 }, "26–50 of 262 events"],
  [{ total: capped(1_000), shown: 25, from: 1 }, "1–25 of 1,000+ events"],
  [{ total: capped(645), shown: 25, from: 1 }, "1–25 of at least 645 events"],
  [{ total: capped(645), shown: 25, from: 651 }, "651–675 of at least 675 events"],
])("%j is “%s”", (list, text) => {
  expect(countText({ ...list, noun })).toBe(text);
});
