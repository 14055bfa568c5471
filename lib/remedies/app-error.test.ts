import { expect, test } from "vitest";
import { AppError } from "@/lib/kernel/errors";
import { ProbeFailure } from "@/lib/mail/probe-failure";
import { OAuthFailure } from "@/lib/oauth/oauth-failure";
import { asAppError, refusedBy } from "./app-error";
import { findRemedy } from "./catalogue";

const SECRET = "AADSTS7000215";
const { title: SECRET_TITLE, steps: SECRET_STEPS } = findRemedy(SECRET);
const { title: DENIED_TITLE } = findRemedy("smtp.send_as_denied");

const platform = (kind: OAuthFailure["kind"]) =>
  new OAuthFailure({ kind, remedyId: SECRET, details: {} });
const server = (retryable: boolean) =>
  new ProbeFailure({ remedyId: "smtp.send_as_denied", retryable, serverText: "550 5.7.60" });

test.each([
  ["the platform, which refused", platform("fix_registration"), "unprocessable"],
  ["the platform, which did not answer", platform("retry"), "temporarily_unavailable"],
  ["a mail server, which refused", server(false), "conflict"],
  ["a mail server, which was busy", server(true), "temporarily_unavailable"],
])("a failure of %s has its code and its entry of the catalogue", (_what, failure, code) => {
  const { remedyId } = failure;
  expect(asAppError(failure)).toMatchObject({ code, remedyId, cause: failure });
});

test("the platform's number and a mail server's words stand behind the title", () => {
  const messageOf = (error: unknown) => (error instanceof AppError ? error.message : "");
  expect(messageOf(asAppError(platform("retry")))).toBe(`${SECRET_TITLE} (${SECRET})`);
  expect(messageOf(asAppError(server(true)))).toBe(`${DENIED_TITLE} The server said: 550 5.7.60`);
  const note = "Nothing was changed.";
  expect(messageOf(asAppError(platform("retry"), { note }))).toBe(`${SECRET_TITLE} ${note}`);
});

test("a form is told the first step at its field", () => {
  const told = { code: "unprocessable", field: "credential.secret" } as const;
  const message = `${SECRET_TITLE} (${SECRET})`;
  expect(asAppError(platform("retry"), told)).toMatchObject({
    code: "unprocessable",
    message,
    fields: { "credential.secret": [`${message} ${SECRET_STEPS[0]}`] },
  });
});

test("what is explained already, or by nothing, comes back as it is", () => {
  for (const error of [refusedBy("token.guest", "access_denied"), new Error("x"), null])
    expect(asAppError(error)).toBe(error);
});
