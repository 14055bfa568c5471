import type { MailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { type Inbox, openInbox } from "@/lib/mail/inbox";
import type { InboxSource } from "@/lib/mail/inbox-connection";
import { ProbeFailure } from "@/lib/mail/probe-failure";
import { whyRefused, withReason } from "./why-refused";

/**
 * Opens an account's INBOX for reading only, with what `openReading` found.
 * @throws ProbeFailure whatever went wrong, for the reason that a connection test gives as far as IMAP alone
 *   tells it
 */
export async function openAccountInbox(
  account: MailboxAccount,
  source: InboxSource,
): Promise<Inbox> {
  const { credential } = source;
  return openInbox(source).catch((error: unknown) => {
    if (!(error instanceof ProbeFailure)) throw error;
    const { failure, remedyId } = error;
    const reason = whyRefused({ account, protocol: "imap", remedyId, credential });
    if (reason === undefined) throw error;
    throw new ProbeFailure(withReason(failure, reason.remedyId), { cause: error });
  });
}
