import "server-only";
import { findComparison } from "@/lib/checks/queries";
import { testAlone } from "@/lib/checks/run";
import type { TestEvent } from "@/lib/checks/schema";
import type { MailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import type { Actor } from "@/lib/kernel/actor";
import { lineStream } from "./event-stream";

/** @permission none: findMailboxAccount asked when it found the account. */
export function connectionTestStream(
  actor: Actor,
  account: MailboxAccount,
  { requestSignal, renewsFirst }: { requestSignal: AbortSignal; renewsFirst: boolean },
): Response {
  return lineStream<TestEvent>(requestSignal, (listening) =>
    testAndCompare(actor, account, { ...listening, renewsFirst }),
  );
}

type Listening = {
  signal: AbortSignal;
  onEvent: (event: TestEvent) => void;
  renewsFirst: boolean;
};

/** The differences come last, if the actor may read them. */
async function testAndCompare(
  actor: Actor,
  account: MailboxAccount,
  { signal, onEvent, renewsFirst }: Listening,
): Promise<void> {
  let finished: Extract<TestEvent, { type: "finished" }> | undefined;
  const listen = (event: TestEvent) => {
    if (event.type === "finished") finished = event;
    else onEvent(event);
  };
  const outcome = await testAlone(actor, account, { signal, renewsFirst, onEvent: listen });
  if (!outcome || !finished) return;
  const { connectionTestId: id } = finished;
  const mayRead = id !== null && actor.permissions.has("accounts:read");
  const test = mayRead && { id, emailAccountId: account.id, report: outcome.report };
  const comparison = test && (await findComparison(actor, test));
  if (comparison) {
    const goodAt = comparison.goodAt.toISOString();
    onEvent({ type: "comparison", comparison: { ...comparison, goodAt } });
  }
  onEvent(finished);
}
