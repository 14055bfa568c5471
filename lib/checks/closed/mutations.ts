import { recordAudit } from "@/lib/audit/mutations";
import type { Actor } from "@/lib/kernel/actor";
import { command } from "@/lib/kernel/command";
import { db } from "@/lib/kernel/db";
import { AppError, fieldError } from "@/lib/kernel/errors";
import { publish } from "@/lib/kernel/events/mutations";
import { emailKey } from "@/lib/kernel/text/normalize";
import { lookAt } from "./look";
import { type ClosedFinding, closedMailboxSchema } from "./schema";
import { type ClosedMailbox, claimDueMailbox, saveFinding } from "./store";

/** Saves which mailbox has to stay closed, and looks at once. @returns null where none has to */
export const setClosedMailbox = command({
  input: closedMailboxSchema,
  permission: "providers:write",
  async act(actor, mailbox): Promise<ClosedFinding | null> {
    await save(actor, mailbox);
    const { signal } = new AbortController();
    return mailbox.emailAddress === "" ? null : look(actor, mailbox, signal);
  },
});

/** The one that is due the longest. @permission none: lookAt asks. */
export async function lookAtDueMailbox(actor: Actor, signal: AbortSignal) {
  const due = await claimDueMailbox();
  return due && look(actor, due, signal);
}

/** What was broken off is not kept. */
async function look(actor: Actor, mailbox: ClosedMailbox, signal: AbortSignal) {
  const found = await lookAt(actor, mailbox, signal);
  if (!signal.aborted) await saveFinding(mailbox, found);
  return found;
}

async function save(actor: Actor, { cloudProviderId: id, emailAddress }: ClosedMailbox) {
  await db().$transaction(async (tx) => {
    const provider = await tx.cloudProvider.findUnique({
      where: { id, grant: "app_only" },
      select: { name: true, closedMailbox: true },
    });
    if (!provider)
      throw new AppError("not_found", "No application of this provider opens mailboxes.");
    if ((provider.closedMailbox?.emailAddress ?? "") === emailAddress) return;
    const key = emailKey(emailAddress);
    const opened = await tx.emailAccount.findFirst({
      where: {
        cloudProviderId: id,
        OR: [{ emailKey: key }, { mailbox: { equals: emailAddress, mode: "insensitive" } }],
      },
      select: { name: true },
    });
    if (opened && emailAddress !== "")
      throw fieldError("emailAddress", `The account ${opened.name} opens this mailbox.`);
    const where = { cloudProviderId: id };
    await tx.closedMailbox.deleteMany({ where });
    if (emailAddress !== "") await tx.closedMailbox.create({ data: { ...where, emailAddress } });
    const object = { kind: "cloud_provider", id, name: provider.name };
    const action = "cloud_provider.change_closed_mailbox";
    await recordAudit(tx, actor, { action, object, detail: { emailAddress } });
    await publish(tx, { type: "cloud_provider", id });
  });
}
