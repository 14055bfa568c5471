import { describe, expect, test } from "vitest";
import { readTokenReply } from "./token-reply";

function lifetimeOf(expires_in: unknown): number {
  const granted = { token_type: "Bearer", access_token: "granted", expires_in };
  return readTokenReply({ status: 200, headers: {}, body: JSON.stringify(granted) }).expires_in;
}

describe("a lifetime", () => {
  test.each([[3_599], ["3599"]])("of %o is so many seconds", (written) => {
    expect(lifetimeOf(written)).toBe(3_599);
  });

  test.each([
    [true],
    [false],
    [[5]],
    [""],
    [" 5 "],
    ["0x10"],
    ["1e3"],
    [null],
    [0],
    [-5],
    [86_401],
  ])("of %o says no time: it is an hour", (written) => {
    expect(lifetimeOf(written)).toBe(3_600);
  });
});
