import "server-only";
import { testAlone } from "@/lib/checks/run";
import type { ExplainedProtocol, TestEvent } from "@/lib/checks/schema";
import { findCandidate } from "@/lib/email-accounts/mailbox/queries";
import type { Actor } from "@/lib/kernel/actor";
import { SECOND_MS } from "@/lib/kernel/clock";
import { command } from "@/lib/kernel/command";
import { db } from "@/lib/kernel/db";
import { fieldError } from "@/lib/kernel/errors";
import { emailKey } from "@/lib/kernel/text/normalize";
import { connectApplication } from "@/lib/sign-ins/connect-application";
import { alignMailboxes, openMailbox } from "@/lib/sign-ins/mailboxes/mutations";
import { saveMove } from "./mutations";
import { findMovable, findMoveTarget, isUnconnected } from "./queries";
import { type MoveAccount, type MoveResult, type MoveTarget, moveAccountSchema } from "./schema";

/** For the whole move: the sign-in of an application, and the three protocols side by side. */
const DEADLINE_MS = 90 * SECOND_MS;

/**
 * Moves an account from its password to a provider. IMAP, SMTP and POP3 are tested with the token that
 * it will use; only when all of them work the account is switched, and otherwise nothing has changed.
 *
 * @throws AppError not_found, conflict (no password account any more, or its mailbox is being tested),
 *   unprocessable with fields or the remedy, stale
 */
export const moveAccount = command({
  input: moveAccountSchema,
  permission: "accounts:write",
  async act(actor, input): Promise<MoveResult> {
    const { emailAccountId, cloudProviderId } = input;
    const account = await findMovable(actor, emailAccountId);
    const provider = await findMoveTarget(actor, input);
    if (!provider)
      throw fieldError(
        "cloudProviderId",
        "This cloud provider belongs to another service, or no longer exists.",
      );
    await letIn(actor, provider, input);
    const protocols: ExplainedProtocol[] = [];
    const { name, version, formerUsername } = account;
    try {
      const outcome = await testAlone(actor, await findCandidate(actor, input), {
        signal: AbortSignal.timeout(DEADLINE_MS),
        onEvent: (event: TestEvent) => {
          if (event.type === "protocol") protocols.push(event.report);
        },
        beforeSave: async (verdict) => {
          if (verdict === "ok") await saveMove(actor, { ...input, name, version, formerUsername });
          return verdict === "ok";
        },
      });
      return { verdict: outcome?.verdict ?? "failed", protocols };
    } finally {
      await db().$transaction((tx) => alignMailboxes(tx, cloudProviderId, actor.name));
    }
  },
});

/** If no one signs in at this provider, the application does so now. */
async function letIn(actor: Actor, { grant }: MoveTarget, input: MoveAccount): Promise<void> {
  const { cloudProviderId, username } = input;
  if (grant === "app_only" && (await isUnconnected(actor, cloudProviderId)))
    await connectApplication(actor, { cloudProviderId });
  if (grant === "domain_wide")
    await db().$transaction((tx) =>
      openMailbox(tx, {
        cloudProviderId,
        mailbox: emailKey(username),
        connectedByName: actor.name,
      }),
    );
}
