import { expect, test } from "vitest";
import { problemWords } from "./problem-words";

const message = "Some fields are not valid.";
const fields = {
  selection: ["Select at most 1,000 accounts one by one."],
  name: ["Enter a name."],
};

test("where no field can say it, a refusal names what is wrong", () => {
  const words = "Select at most 1,000 accounts one by one. Enter a name.";
  expect(problemWords({ message, fields })).toBe(words);
  expect(problemWords({ message, fields }, (field) => field === "name")).toBe(fields.selection[0]);
});

test("a refusal of the whole keeps its sentence", () => {
  expect(problemWords({ message: "The list shows 59 accounts now." })).toBe(
    "The list shows 59 accounts now.",
  );
});
