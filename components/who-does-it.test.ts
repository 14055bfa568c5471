import { describe, expect, test } from "vitest";
import { isWaitedFor, whereToRun, whoDoesIt } from "./who-does-it";

describe("who takes the steps", () => {
  test.each(["mailbox_owner", "tenant_administrator", "postkey_administrator"] as const)(
    "of %s is named after one lead",
    (who) => {
      expect(whoDoesIt(who)).toMatch(/^Who can fix this: [^.:]+\.$/);
      expect(whoDoesIt(who)).not.toMatch(/ in /);
    },
  );
});

test("what passes by itself asks for patience first, and promises nobody a repair", () => {
  expect(isWaitedFor({ retry: "yes", steps: ["Wait. Postkey retries."] })).toBe(true);
  expect(isWaitedFor({ retry: "after_fix", steps: ["Wait. Postkey retries."] })).toBe(false);
  expect(isWaitedFor({ retry: "yes", steps: ["Press Test again."] })).toBe(false);
  expect(whoDoesIt("postkey_administrator", { isWaiting: true })).toBe(
    "This usually resolves by itself. If it continues, you can look into it.",
  );
});

describe("where a command is run", () => {
  test.each([
    "Exchange Online PowerShell",
    "Microsoft Graph PowerShell",
    "Azure CLI",
    "Command line of the Postkey server",
  ] as const)("in %s leads to it", (shell) => {
    const isLocal = shell === "Command line of the Postkey server";
    const lead = isLocal
      ? /^Run on the Postkey server:$/
      : new RegExp(`^Run in ${shell} as a tenant administrator, after [\\w -]+:$`);
    expect(whereToRun(shell)).toMatch(lead);
  });
});
