import { expect, test } from "vitest";
import { dayText } from "./day";

test("a day is written as it was entered, wherever the reader is", () => {
  expect(dayText(new Date("2027-05-27T23:59:59Z"))).toBe("27 May 2027");
  expect(dayText(new Date("2028-01-01T00:00:00Z"))).toBe("1 Jan 2028");
});
