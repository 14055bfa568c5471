import "server-only";
import { randomUUID } from "node:crypto";
import type { MailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import type { Actor } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";
import { type TestOptions, type TestOutcome, testConnection } from "./run";
import { releaseMailbox, takeMailbox } from "./store";

/**
 * Two tests at once would count against the same limits of the server.
 * @throws AppError conflict
 * @permission none: a part of testConnection.
 */
export async function testAlone(
  actor: Actor,
  account: MailboxAccount,
  { connectionTestId = randomUUID(), ...options }: TestOptions,
): Promise<TestOutcome | null> {
  const lease = { emailAccountId: account.id, owner: connectionTestId };
  if (!(await takeMailbox(lease))) throw beingTested();
  let outcome: TestOutcome | null = null;
  try {
    outcome = await testConnection(actor, account, { ...options, connectionTestId });
    return outcome;
  } finally {
    if (!outcome?.isSaved) await releaseMailbox(connectionTestId);
  }
}

function beingTested(): AppError {
  return new AppError(
    "conflict",
    "This mailbox is being tested at the moment: by another administrator, on its schedule, or as one of many. Try again in a minute.",
    { remedyId: "postkey.mailbox_being_tested" },
  );
}
