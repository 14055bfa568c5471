import { expect, test } from "vitest";
import type { ExplainedProtocol } from "@/lib/checks/schema";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import { isToldAbove } from "./told";

const FOUND = "imap.no_full_access";
const failed = (remedyId: string): ExplainedProtocol => ({
  protocol: "imap",
  stages: [],
  totalMs: 1,
  verdict: "failed",
  failure: { remedyId, retryable: false },
  remedy: fillRemedy(findRemedy(remedyId), { mailbox: "sales@contoso.test" }),
});
const account = (state: "test_failed" | "connected" | "sign_in_again") => ({
  state,
  tokenState: "connected" as const,
  failureId: null,
  testFailureId: FOUND,
});
const report = { protocols: [failed(FOUND)] };

const refused = { ...account("sign_in_again"), failureId: "AADSTS50173" } as const;

test.each([
  ["what the failed test at the top found", account("test_failed"), report, FOUND, true],
  ["something else", account("test_failed"), report, "imap.bye", false],
  [
    "a report of another failure",
    account("test_failed"),
    { protocols: [failed("imap.bye")] },
    FOUND,
    false,
  ],
  ["what the account knows where the report is gone", account("test_failed"), null, FOUND, true],
  ["another one where it is gone", account("test_failed"), null, "imap.bye", false],
  ["of an account that works again", account("connected"), report, FOUND, false],
  ["of one whose sign-in failed since", refused, report, FOUND, false],
  ["that sign-in itself", refused, report, "AADSTS50173", true],
] as const)("%s", (...[, of, stored, remedyId, isTold]) => {
  expect(isToldAbove(of, stored && { protocols: [...stored.protocols] }, remedyId)).toBe(isTold);
});
