import { testAlone } from "@/lib/checks/run";
import type { ExplainedProtocol, TestEvent } from "@/lib/checks/schema";
import { findCandidate } from "@/lib/email-accounts/mailbox/queries";
import type { Actor } from "@/lib/kernel/actor";
import { SECOND_MS } from "@/lib/kernel/clock";
import { command } from "@/lib/kernel/command";
import { db } from "@/lib/kernel/db";
import { fieldError } from "@/lib/kernel/errors";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Grant } from "@/lib/oauth/schema";
import { alignMailboxes, openMailbox } from "@/lib/sign-ins/mailboxes/mutations";
import { connectApplication } from "@/lib/sign-ins/mutations";
import { saveMove } from "./mutations";
import { findMovable, findMoveGrant, isUnconnected } from "./queries";
import { type MoveAccount, type MoveResult, moveAccountSchema } from "./schema";

/** For the sign-in and all protocols. */
const DEADLINE_MS = 90 * SECOND_MS;

/** Tests with the new token first; changes nothing unless all protocols work. */
export const moveAccount = command({
  input: moveAccountSchema,
  permission: "accounts:write",
  async act(actor, input): Promise<MoveResult> {
    const { emailAccountId, cloudProviderId } = input;
    const account = await findMovable(actor, emailAccountId);
    const grant = await findMoveGrant(actor, { service: account.service, cloudProviderId });
    if (!grant)
      throw fieldError(
        "cloudProviderId",
        "This cloud provider belongs to another service, or no longer exists.",
      );
    await letIn(actor, grant, input);
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

/** The application signs in now. */
async function letIn(actor: Actor, grant: Grant, input: MoveAccount): Promise<void> {
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
