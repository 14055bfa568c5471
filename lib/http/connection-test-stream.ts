import { findComparison } from "@/lib/checks/queries";
import { testAlone } from "@/lib/checks/run";
import type { TestEvent } from "@/lib/checks/schema";
import type { MailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import type { Actor } from "@/lib/kernel/actor";
import { lineStream } from "./event-stream";

type Asked = { requestSignal: AbortSignal; renewsFirst: boolean };

/**
 * The differences come last, if the actor may read them.
 * @permission none: findMailboxAccount asked when it found the account.
 */
export function connectionTestStream(actor: Actor, account: MailboxAccount, asked: Asked) {
  const { requestSignal, renewsFirst } = asked;
  return lineStream<TestEvent>(requestSignal, async ({ signal, onEvent: tell }) => {
    let finished: Extract<TestEvent, { type: "finished" }> | undefined;
    const onEvent = (event: TestEvent) => {
      if (event.type === "finished") finished = event;
      else tell(event);
    };
    const outcome = await testAlone(actor, account, { signal, renewsFirst, onEvent });
    if (!outcome || !finished) return;
    const { connectionTestId: id } = finished;
    const mayRead = id !== null && actor.permissions.has("accounts:read");
    const test = mayRead && { id, emailAccountId: account.id, report: outcome.report };
    const comparison = test && (await findComparison(actor, test));
    if (comparison) {
      const goodAt = comparison.goodAt.toISOString();
      tell({ type: "comparison", comparison: { ...comparison, goodAt } });
    }
    tell(finished);
  });
}
