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

test("what the failed test at the top of the page found is told there", () => {
  expect(isToldAbove(account("test_failed"), report, FOUND)).toBe(true);
  expect(isToldAbove(account("test_failed"), report, "imap.bye")).toBe(false);
});

test("a stored report that is not what the account fails with tells nothing of it", () => {
  expect(isToldAbove(account("test_failed"), { protocols: [failed("imap.bye")] }, FOUND)).toBe(
    false,
  );
});

test("where the report is gone, what the account knows of it stands at the top", () => {
  expect(isToldAbove(account("test_failed"), null, FOUND)).toBe(true);
  expect(isToldAbove(account("test_failed"), null, "imap.bye")).toBe(false);
});

test("a report of an account that works again, or of one whose sign-in failed since, tells nothing", () => {
  expect(isToldAbove(account("connected"), report, FOUND)).toBe(false);
  const refused = { ...account("sign_in_again"), failureId: "AADSTS50173" } as const;
  expect(isToldAbove(refused, report, FOUND)).toBe(false);
  expect(isToldAbove(refused, report, "AADSTS50173")).toBe(true);
});
