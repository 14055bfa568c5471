import { type AccountView, NOT_SIGNED_IN } from "@/lib/email-accounts/filters/schema";
import { repairButtonsOf, whatStops } from "@/lib/email-accounts/repair-object";
import type { EmailAccountRow } from "@/lib/email-accounts/rows/schema";
import { SERVICE_LABELS } from "@/lib/email-accounts/schema";
import { nameKey } from "@/lib/kernel/text/normalize";
import { isByItself } from "@/lib/registrations/registration/schema";
import { shownState } from "@/lib/remedies/shown-state";
import { credentialExpires } from "./credential-expires";
import type { ShownAccount } from "./email-account-rows";

type Asked = { view?: AccountView | undefined; search: string };

export function toShown(row: EmailAccountRow, { view, search }: Asked): ShownAccount {
  const { providerGrant } = row;
  return {
    id: row.id,
    name: row.name,
    serviceLabel: SERVICE_LABELS[row.service],
    key: row.key,
    emailAddress: row.emailAddress,
    signsInAs: foundBySignIn(row, search),
    state: shownState(row.state, [whatStops(row)]),
    active: row.active,
    modernAuthentication: row.modernAuthentication,
    cloudProviderId: row.cloudProviderId,
    cloudProviderName: row.cloudProviderName,
    lastTestedAt: row.lastTestedAt,
    testSchedule: row.testSchedule,
    imapVerdict: row.imapVerdict,
    smtpVerdict: row.smtpVerdict,
    pop3Verdict: row.pop3Verdict,
    // Without a sign-in no server is asked: the test failed, no protocol did.
    isUnsignedTest: row.testFailureId === NOT_SIGNED_IN,
    canSignIn: providerGrant !== null && !isByItself(providerGrant),
    expiry: view === "expiring" ? expiryOf(row) : null,
    repairs: repairButtonsOf(row),
  };
}

function expiryOf({ credentialKind, credentialExpiresAt: at }: EmailAccountRow) {
  return at && { what: credentialExpires(credentialKind), at };
}

type Found = Pick<
  EmailAccountRow,
  "name" | "key" | "emailAddress" | "cloudProviderName" | "username"
>;

/** If only the user name matched the search. */
function foundBySignIn(account: Found, search: string): string | null {
  const { name, key, emailAddress, cloudProviderName, username } = account;
  const sought = nameKey(search);
  const has = (text: string | null) => text !== null && nameKey(text).includes(sought);
  if (sought === "" || !has(username)) return null;
  return [name, key, emailAddress, cloudProviderName].some(has) ? null : username;
}
