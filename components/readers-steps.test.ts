import { expect, test } from "vitest";
import { readersSteps } from "./readers-steps";

const STEPS = [
  "Press Authenticate.",
  "Or allow the account in the tenant.",
  "Press Check.",
  "Or wait an hour.",
  "Or ask Microsoft.",
];

test.each([
  ["all of them", [0, 1, 2, 3, 4], STEPS],
  [
    "no button",
    [1, 3, 4],
    ["Allow the account in the tenant.", "Wait an hour.", "Or ask Microsoft."],
  ],
  ["the first and the last", [0, 4], ["Press Authenticate.", "Ask Microsoft."]],
  ["none", [], []],
])(
  "of those who can take %s, no step is an alternative to one that is left out",
  (_who, theirs, told) => {
    expect(readersSteps(STEPS, (at) => theirs.includes(at))).toEqual(told);
  },
);
