import { isSaidBySome } from "@/lib/oauth/services";
import { findRemedy } from "@/lib/remedies/catalogue";

/** Why a sign-in by link failed, as far as its owner has to know. */
type OwnersCause =
  | "cancelled"
  | "wrong_account"
  | "no_consent"
  | "no_mail"
  | "other_device"
  | "other_network"
  | "policy"
  | "passing"
  | "other";

/** By the id of the error catalogue, whose own words are for administrators. */
export function ownersCauseOf(remedyId: string): OwnersCause {
  if (remedyId === "callback.other_mailbox") return "wrong_account";
  if (remedyId === "callback.mail_not_granted") return "no_mail";
  if (remedyId === "callback.access_denied" || isSaidBySome("cancelled", remedyId))
    return "cancelled";
  if (isSaidBySome("unconsented", remedyId)) return "no_consent";
  const { retry, isPolicy = false, elsewhere } = findRemedy(remedyId);
  if (elsewhere) return `other_${elsewhere}`;
  if (isPolicy) return "policy";
  return retry === "yes" || retry === "reauth" ? "passing" : "other";
}

const RETRIED: ReadonlySet<OwnersCause> = new Set([
  "cancelled",
  "wrong_account",
  "no_mail",
  "passing",
]);

/** Whether trying again at once is what helps. */
export function isRetried(cause: OwnersCause): boolean {
  return RETRIED.has(cause);
}

type Asked = { asker: string /** Whether the link still works. */; canRetry: boolean };

export function ownersWords(cause: OwnersCause, { asker, canRetry }: Asked): string {
  if (!canRetry) return `The sign-in was not completed. Ask ${asker} for a new link.`;
  return {
    cancelled: "You cancelled the sign-in. Nothing was stored. To sign in, try again.",
    wrong_account: "You signed in with another account. Nothing was stored. Try again.",
    no_consent: `Your organisation must allow this first. Nothing was stored. Tell ${asker}, and try again when it is allowed.`,
    no_mail: `You did not allow access to your email. Nothing was stored. Try again, and tick the box for it. If there is no such box, tell ${asker}.`,
    other_device: `Your organisation does not accept this device. Nothing was stored. Open the link on your work computer or another device. If it fails there too, tell ${asker}.`,
    other_network: `The network that you are in does not allow this sign-in. Nothing was stored. Open the link from another network. If it fails there too, tell ${asker}.`,
    policy: `A rule of your organisation blocks this sign-in. Nothing was stored. Only your organisation can change that: tell ${asker}, and try again when it is allowed.`,
    passing: `The sign-in did not work. Nothing was stored. Try again. If it fails again, tell ${asker}.`,
    other: `The sign-in did not work. Nothing was stored. You can't fix this yourself: tell ${asker}.`,
  }[cause];
}
