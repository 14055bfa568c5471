import { recordAudit } from "@/lib/audit/mutations";
import type { Actor } from "@/lib/kernel/actor";
import { command } from "@/lib/kernel/command";
import { db } from "@/lib/kernel/db";
import { AppError, fieldError } from "@/lib/kernel/errors";
import { publish } from "@/lib/kernel/events/mutations";
import { providerUseSchema } from "@/lib/registrations/schema";
import { lookAt } from "./look";
import { findAccountOf } from "./queries";
import { type ClosedFinding, closedMailboxSchema } from "./schema";
import { type ClosedMailbox, claimDue, claimLook, type LookClaim, saveFinding } from "./store";

/** Saves which mailbox has to stay closed, and looks at once. @returns null where none has to */
export const setClosedMailbox = command({
  input: closedMailboxSchema,
  permission: "providers:write",
  async act(actor, mailbox): Promise<ClosedFinding | null> {
    await save(actor, mailbox);
    return lookNow(actor, mailbox);
  },
});

/** Looks now. @returns null where none has to stay closed */
export const lookAtClosedMailbox = command({
  input: providerUseSchema,
  permission: "accounts:test",
  async act(actor, asked): Promise<ClosedFinding | null> {
    return lookNow(actor, asked);
  },
});

async function lookNow(actor: Actor, { cloudProviderId }: Pick<ClosedMailbox, "cloudProviderId">) {
  const claim = await claimLook(cloudProviderId);
  return claim && look(actor, claim, new AbortController().signal);
}

/** The one that is due the longest. @permission none: lookAt asks. */
export async function lookAtDueMailbox(actor: Actor, signal: AbortSignal) {
  const claim = await claimDue();
  return claim && look(actor, claim, signal);
}

/** What was broken off is not kept. */
async function look(actor: Actor, claim: LookClaim, signal: AbortSignal) {
  const found = await lookAt(actor, claim, signal);
  if (!signal.aborted) await saveFinding(claim, found);
  return found;
}

async function save(actor: Actor, mailbox: ClosedMailbox): Promise<void> {
  const { cloudProviderId: id, emailAddress } = mailbox;
  const account = emailAddress === "" ? null : await findAccountOf(mailbox);
  if (account) throw fieldError("emailAddress", `The account ${account} opens this mailbox.`);
  await db().$transaction(async (tx) => {
    // Two at once take turns.
    await tx.$queryRaw`SELECT FROM "CloudProvider" WHERE id = ${id}::uuid FOR UPDATE`;
    const provider = await tx.cloudProvider.findUnique({ where: { id }, select: NAMED });
    if (!provider || (emailAddress !== "" && provider.grant !== "app_only"))
      throw new AppError(
        "not_found",
        "This cloud provider has no application that signs in by itself.",
      );
    if ((provider.closedMailbox?.emailAddress ?? "") === emailAddress) return;
    await tx.closedMailbox.deleteMany({ where: { cloudProviderId: id } });
    if (emailAddress !== "")
      await tx.closedMailbox.create({ data: { cloudProviderId: id, emailAddress } });
    const object = { kind: "cloud_provider", id, name: provider.name };
    const action = "cloud_provider.change_closed_mailbox";
    await recordAudit(tx, actor, { action, object, detail: { emailAddress } });
    await publish(tx, { type: "cloud_provider", id });
  });
}

const NAMED = {
  name: true,
  grant: true,
  closedMailbox: { select: { emailAddress: true } },
} as const;
