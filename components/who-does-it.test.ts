import { expect, test } from "vitest";
import { isWaitedFor, whereToRun, whoDoesIt } from "./who-does-it";

test("who takes the steps is named after one lead", () => {
  for (const who of ["mailbox_owner", "tenant_administrator", "postkey_administrator"] as const)
    expect(whoDoesIt(who)).toMatch(/^Who can fix this: (?!.* in )[^.:]+\.$/);
});

test("what passes by itself asks for patience first, and promises nobody a repair", () => {
  expect(isWaitedFor({ retry: "yes", steps: ["Wait. Postkey retries."] })).toBe(true);
  expect(isWaitedFor({ retry: "after_fix", steps: ["Wait. Postkey retries."] })).toBe(false);
  expect(isWaitedFor({ retry: "yes", steps: ["Press Test again."] })).toBe(false);
  expect(whoDoesIt("postkey_administrator", { isWaiting: true })).toBe(
    "This usually resolves by itself. If it continues, you can look into it.",
  );
});

test("where a command is run leads to it", () => {
  expect(whereToRun("Command line of the Postkey server")).toBe("Run on the Postkey server:");
  const shells = ["Exchange Online PowerShell", "Microsoft Graph PowerShell", "Azure CLI"] as const;
  for (const shell of shells)
    expect(whereToRun(shell)).toMatch(
      new RegExp(`^Run in ${shell} as a tenant administrator, after [\\w -]+:$`),
    );
});
