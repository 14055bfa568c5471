import { expect, test } from "vitest";
import { findJsonProblem } from "./json-problem";

test.each([
  "{}",
  "[]",
  ' {"a": [1, -2.5e+3, true, null, "\\u00e4\\n"], "b": {"c": ""}} ',
  '"text"',
  "0",
])("%j is JSON", (text) => {
  expect(JSON.parse(text)).toBeDefined();
  expect(findJsonProblem(text)).toBeNull();
});

test.each([
  ['{"a": 1 "b": 2}', 1, 9],
  ['{"a": 1,\n  "b": tru}', 2, 8],
  ["nope", 1, 1],
  ["{a: 1}", 1, 2],
  ["{'a': 1}", 1, 2],
  ['{"a": 1,}', 1, 9],
  ["[1, 2,]", 1, 7],
  ['{"a": 01}', 1, 8],
  ['{"a": "x\ny"}', 1, 7],
  ['{"a": "\\x"}', 1, 7],
  ["{} {}", 1, 4],
])("%j stops to be JSON at line %i, column %i", (text, line, column) => {
  expect(() => JSON.parse(text)).toThrow();
  expect(findJsonProblem(text)).toEqual({ line, column, isEnd: false });
});

test.each(["", "  ", '{"a":', '{"a": 1', "[1,"])("%j breaks off", (text) => {
  expect(findJsonProblem(text)).toMatchObject({ isEnd: true });
});
