import { type AccountView, NOT_SIGNED_IN } from "@/lib/email-accounts/filters/schema";
import { repairButtonsOf, whatStops } from "@/lib/email-accounts/repair-object";
import type { EmailAccountRow } from "@/lib/email-accounts/rows/schema";
import { SERVICE_LABELS } from "@/lib/email-accounts/schema";
import { pick } from "@/lib/kernel/pick";
import { nameKey } from "@/lib/kernel/text/normalize";
import { words } from "@/lib/kernel/words";
import { isByItself } from "@/lib/oauth/schema";
import type { CloudProviderDetail } from "@/lib/registrations/queries";
import { findRemedy } from "@/lib/remedies/catalogue";
import { shownState } from "@/lib/remedies/shown-state";

type Asked = { view?: AccountView | undefined; search: string };

const SHOWN = words(
  "id name key emailAddress cloudProviderId cloudProviderName modernAuthentication lastTestedAt",
  "testSchedule active imapVerdict smtpVerdict pop3Verdict sendsBy readsBy",
);

export type ShownAccount = ReturnType<typeof toShown>;

export function toShown(row: EmailAccountRow, { view, search }: Asked) {
  return {
    ...pick(row, SHOWN),
    ...menuOf(row),
    serviceLabel: SERVICE_LABELS[row.service],
    signsInAs: foundBySignIn(row, search),
    state: shownState(row.state, [whatStops(row)]),
    reason: reasonOf(row),
    // Without a sign-in no server is asked: the test failed, no protocol did.
    isUnsignedTest: row.testFailureId === NOT_SIGNED_IN,
    expiry: view === "expiring" ? expiryOf(row) : null,
  };
}

/** The badge says enough of an account that waits for its first sign-in. */
function reasonOf(row: EmailAccountRow): string | null {
  const remedyId = whatStops(row);
  return remedyId === null || row.state === "not_signed_in" ? null : findRemedy(remedyId).title;
}

export function menuOf(account: EmailAccountRow) {
  const { providerGrant } = account;
  return {
    ...pick(account, ["id", "name", "emailAddress", "active"]),
    canSignIn: providerGrant !== null && !isByItself(providerGrant),
    repairs: repairButtonsOf(account),
  };
}

const EXPIRES: Readonly<Record<CloudProviderDetail["credentialKind"], string>> = {
  client_secret: "Client secret expires",
  certificate: "Certificate expires",
  federated_token: "Federated token expires",
  managed_identity: "Managed identity expires",
  service_account: "Key expires",
};

export function credentialExpires(kind: string | null): string {
  return Object.entries(EXPIRES).find(([each]) => each === kind)?.[1] ?? "Credential expires";
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
