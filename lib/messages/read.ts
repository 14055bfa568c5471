import { openAccountInbox } from "@/lib/email-accounts/mailbox/open";
import { findMailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import type { Actor } from "@/lib/kernel/actor";
import { SECOND_MS } from "@/lib/kernel/clock";
import { readEnvelope } from "@/lib/mail/header-fields";
import { probeFailure } from "@/lib/mail/probe-failure";
import { asAppError } from "@/lib/remedies/app-error";
import { type InboxMessage, NEWEST_SHOWN } from "./schema";

/**
 * The newest messages of an account's INBOX, newest first. It is opened for reading only: nothing becomes
 * read.
 *
 * @throws AppError not_found; what `getAccessToken` throws; the remedy of what the server refused
 */
export async function readNewestMessages(
  actor: Actor,
  emailAccountId: string,
): Promise<InboxMessage[]> {
  const account = await findMailboxAccount(actor, emailAccountId, "mail:read");
  const signal = AbortSignal.timeout(30 * SECOND_MS);
  try {
    const inbox = await openAccountInbox(actor, account, { purpose: "read", signal });
    const messages = await inbox.readNewest(NEWEST_SHOWN).finally(() => inbox.close());
    return messages.map(({ header, ...message }) => ({ ...message, ...readEnvelope(header) }));
  } catch (error) {
    throw asAppError(signal.aborted ? probeFailure("mail.deadline") : error);
  }
}
