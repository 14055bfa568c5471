import { describe, expect, test } from "vitest";
import { listRemedies } from "@/lib/remedies/catalogue";
import { isRetried, ownersCauseOf, ownersWords } from "./owner";

const asked = { asker: "Ada", canRetry: true };

describe("an owner whose sign-in failed", () => {
  test.each([
    ["callback.access_denied", "cancelled"],
    ["AADSTS65004", "cancelled"],
    ["AADSTS65001", "no_consent"],
    ["callback.other_mailbox", "wrong_account"],
    ["callback.mail_not_granted", "no_mail"],
    ["AADSTS700003", "other_device"],
    ["AADSTS500021", "other_network"],
    ["AADSTS53003", "policy"],
    ["callback.database_unreachable", "passing"],
    ["callback.consent_elsewhere", "other"],
  ])("of %s is told that it was %s", (remedyId, cause) => {
    expect(ownersCauseOf(remedyId)).toBe(cause);
  });

  test("reads nothing for administrators, whatever went wrong", () => {
    for (const { id } of listRemedies()) {
      const words = ownersWords(ownersCauseOf(id), asked);
      expect(words).not.toMatch(/Authenticate|command|AADSTS|tenant|registration/);
    }
  });

  test("is told first why, and is not sent round in circles", () => {
    expect(ownersWords("policy", asked)).toMatch(/^A rule of your organisation blocks/);
    expect(isRetried("policy")).toBe(false);
    expect(isRetried("cancelled")).toBe(true);
  });
});
