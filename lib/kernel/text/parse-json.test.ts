import fc from "fast-check";
import { expect, test } from "vitest";
import { isUnfinishedJson } from "./parse-json";

test("every beginning of an object or array is unfinished, and the whole is not", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const whole = JSON.stringify([value]);
      expect(isUnfinishedJson(whole)).toBe(false);
      for (let length = 1; length < whole.length; length += 1)
        expect(isUnfinishedJson(whole.slice(0, length)), whole.slice(0, length)).toBe(true);
    }),
  );
});
