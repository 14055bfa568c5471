import { expect, test } from "vitest";
import { OAuthFailure } from "@/lib/oauth/oauth-failure";
import { asAppError } from "@/lib/remedies/app-error";
import { problemResponse } from "./problem";

const ofDatabase = (code: string) => Object.assign(new Error(code), { code });

test.each([
  ["others changed the same", "40001", "1"],
  ["a lock was not free in time", "55P03", "2"],
  ["a statement took too long", "57014", "2"],
  ["the database is read-only", "25006", "5"],
  ["the database is away", "57P03", "5"],
  ["its disk is full", "53100", "60"],
])("a program is told when to ask again: %s", (_why, code, seconds) => {
  const response = problemResponse(ofDatabase(code));
  expect([response.status, response.headers.get("retry-after")]).toEqual([503, seconds]);
});

test("what a platform said of that is passed on, in whole seconds", () => {
  const failure = (retryAfterMs?: number) =>
    new OAuthFailure({
      kind: "retry",
      remedyId: "postkey.identity_platform_throttled",
      details: {},
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  const headerOf = (error: unknown) => problemResponse(error).headers.get("retry-after");
  expect(headerOf(asAppError(failure(17_200)))).toBe("18");
  expect(headerOf(asAppError(failure()))).toBeNull();
});
