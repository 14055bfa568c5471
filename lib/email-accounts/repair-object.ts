import type { Protocol } from "@/lib/egress/protocols/schema";
import { words } from "@/lib/kernel/words";
import { mailService } from "@/lib/mail/services/schema";
import { findRemedy } from "@/lib/remedies/catalogue";
import type { Mailboxes, MailboxNames, RepairButton, RepairObject } from "@/lib/remedies/remedy";
import { tell } from "@/lib/remedies/told";
import { type AccountNames, identitiesOf } from "@/lib/sign-ins/identities";
import type { EmailAccountRow } from "./rows/schema";
import { canUseGraph } from "./schema";

export type RepairableAccount = AccountNames & {
  id: string;
  cloudProviderId: string | null;
  providerGrant: string | null;
  credentialKind: string | null;
};

/** @param protocol of what failed */
export function repairObjectOf(account: RepairableAccount, protocol?: Protocol): RepairObject {
  const { id, username, service, cloudProviderId, providerGrant, credentialKind } = account;
  const { isDelegate } = identitiesOf(account);
  const mailboxField = account.mailbox ? "mailbox" : "emailAddress";
  return {
    account: {
      id,
      username,
      isDelegate,
      mailboxField,
      mayUseGraph: canUseGraph(account),
      ...(protocol && { protocol }),
    },
    service: mailService(service).platform,
    hostsAt: mailService(service).hostsAt,
    ...(cloudProviderId !== null && {
      provider: {
        id: cloudProviderId,
        grant: providerGrant ?? "",
        credentialKind: credentialKind ?? "",
      },
    }),
  };
}

type Standing = Pick<EmailAccountRow, "state" | "failureId" | "testFailureId" | "providerGrant">;

/** The worst: an id of the error catalogue. */
export function whatStops(account: Standing): string | null {
  const { state, failureId, testFailureId, providerGrant } = account;
  if (state === "not_signed_in")
    return providerGrant === "app_only" ? "postkey.not_connected" : "postkey.not_signed_in";
  if (state === "no_provider") return "postkey.provider_missing";
  if (state === "test_failed") return testFailureId;
  return state === "inactive" || state === "password" ? null : failureId;
}

/** Without commands: for lists and menus. */
export function repairButtonsOf(account: RepairableAccount & Standing): readonly RepairButton[] {
  const remedyId = whatStops(account);
  if (remedyId === null) return [];
  return tell(findRemedy(remedyId), { object: repairObjectOf(account) }).buttons ?? [];
}

/** About the sender address, not the sign-in. */
const ABOUT_SENDER = new Set<string>(
  words("smtp.send_as_denied smtp.sender_refused smtp.sender_blocked smtp.mailbox_full"),
);

/** For a sign-in, the login; for mail, the mailbox that the protocol opens. */
export function commandNames(remedyId: string, account: AccountNames): MailboxNames {
  const { login, mailbox, sender, smtp } = identitiesOf(account);
  if (ABOUT_SENDER.has(remedyId)) return { mailbox: sender, login };
  if (remedyId.startsWith("smtp.")) return { mailbox: smtp, login };
  const isMail = /^(?:imap|pop3|mail|token)\./.test(remedyId);
  return { mailbox: isMail ? mailbox : login, login };
}

/** @param accounts how many there are, of whom some are known */
export function manyMailboxes(
  { remedyId, accounts }: { remedyId: string; accounts: number },
  known: readonly AccountNames[],
): Mailboxes {
  const names = known.map((account) => commandNames(remedyId, account));
  return { names, count: Math.max(accounts, names.length) };
}
