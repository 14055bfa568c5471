import { mailService } from "@/lib/mail/services/schema";
import { findRemedy } from "@/lib/remedies/catalogue";
import type { RepairButton, RepairObject } from "@/lib/remedies/remedy";
import { tell } from "@/lib/remedies/told";
import { type AccountNames, identitiesOf } from "@/lib/sign-ins/identities";
import type { EmailAccountRow } from "./rows/schema";

/** An account with what its repair needs to know of its provider. */
export type RepairableAccount = AccountNames & {
  id: string;
  cloudProviderId: string | null;
  providerGrant: string | null;
  credentialKind: string | null;
};

/** What the buttons of an account's remedy are for. */
export function repairObjectOf(account: RepairableAccount): RepairObject {
  const { id, username, service, cloudProviderId, providerGrant, credentialKind } = account;
  const { isDelegate } = identitiesOf(account);
  const mailboxField = account.mailbox ? "mailbox" : "emailAddress";
  return {
    account: { id, username, isDelegate, mailboxField },
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

/** What keeps an account from working, the worst that its state says: an id of the error catalogue. */
export function whatStops(account: Standing): string | null {
  const { state, failureId, testFailureId, providerGrant } = account;
  if (state === "not_signed_in")
    return providerGrant === "app_only" ? "postkey.not_connected" : "postkey.not_signed_in";
  if (state === "no_provider") return "postkey.provider_missing";
  if (state === "test_failed") return testFailureId;
  return state === "inactive" || state === "password" ? null : failureId;
}

/** What repairs an account where no command is shown: in lists and menus. */
export function repairButtonsOf(account: RepairableAccount & Standing): readonly RepairButton[] {
  const remedyId = whatStops(account);
  if (remedyId === null) return [];
  return tell(findRemedy(remedyId), { object: repairObjectOf(account) }).buttons ?? [];
}
