import { requireUnlocked } from "@/lib/installation/keys/store";
import { hashToken } from "@/lib/kernel/crypto";
import { AppError } from "@/lib/kernel/errors";
import { POSTKEY_NAME } from "@/lib/kernel/postkey-name";
import { PLATFORMS } from "@/lib/oauth/platforms/schema";
import type { ServiceId } from "@/lib/oauth/schema";
import { isSaidBySome } from "@/lib/oauth/services";
import { openRegistration } from "@/lib/registrations/store";
import { findRemedy } from "@/lib/remedies/catalogue";
import { requestAuthorization } from "../begin";
import { findRequest, findRequestByState } from "../store";
import type { ShownLink, UsedLink } from "./schema";
import {
  findMailboxesOfLink,
  findOpenLink,
  findOpenLinkOf,
  findUsedLink,
  noteOpened,
  type OpenLink,
} from "./store";

/* The link is the proof: it opens this one sign-in, and from its beginning on the browser session that began it. */

/** What a link asks for. Looking spends nothing: scanners of mail look too. @throws AppError not_found */
export async function showLink(token: string): Promise<ShownLink | UsedLink> {
  const tokenHash = hashToken(token);
  const link = await findOpenLink(tokenHash);
  if (!link) {
    const used = await findUsedLink(tokenHash);
    if (used) return { isUsed: true, ...used };
    throw linkVoid();
  }
  await noteOpened(link.id);
  const { username, mailboxes, createdByName, expiresAt, service } = link;
  // Written from the form's list only.
  const platform = PLATFORMS[service as ServiceId].brand;
  const isAutomatic = createdByName === POSTKEY_NAME;
  return { isUsed: false, username, mailboxes, createdByName, isAutomatic, expiresAt, platform };
}

/** @param sessionId of this browser, made for this alone @throws AppError not_found when the link is void; locked, conflict */
export async function beginByLink(token: string, sessionId: string): Promise<URL> {
  const link = await findOpenLink(hashToken(token));
  if (!link) throw linkVoid();
  return begin(link, sessionId);
}

export async function beginAgain(authorizationRequestId: string, sessionId: string | null) {
  const link = sessionId && (await findOpenLinkOf(sessionId, authorizationRequestId));
  if (!link) throw linkVoid();
  return begin(link, sessionId);
}

async function begin(link: OpenLink, sessionId: string): Promise<URL> {
  await requireUnlocked();
  const { id: signInLinkId, cloudProviderId, username } = link;
  const registration = await openRegistration(cloudProviderId);
  if (registration.grant !== "delegated")
    throw new AppError(
      "conflict",
      `Mailboxes no longer sign in by browser at ${registration.name}. Tell ${link.createdByName}.`,
    );
  return requestAuthorization(registration, {
    cloudProviderId,
    expectedUsername: username,
    sessionId,
    signInLinkId,
  });
}

/** Whose sign-in an answer of the platform ends, where this browser began it with a link. */
export async function findOwnerOf(state: string, sessionId: string) {
  const request = await findRequestByState(state);
  if (!request?.signInLinkId || request.sessionId !== sessionId) return null;
  return { id: request.signInLinkId, username: request.expectedUsername ?? "" };
}

/** Whether a sign-in was begun with a link, in whatever browser: what its owner is told then. */
export async function isBegunByLink(state: string): Promise<boolean> {
  return (await findRequestByState(state))?.signInLinkId != null;
}

export async function findOwnerOutcome(authorizationRequestId: string, sessionId: string | null) {
  const request = sessionId && (await findRequest(authorizationRequestId, sessionId));
  if (!request || request.signInLinkId === null) return null;
  const link = await findOpenLinkOf(request.sessionId, authorizationRequestId);
  const mailboxes = await findMailboxesOfLink(request.signInLinkId);
  const { outcome, expectedUsername } = request;
  // With a link, it can be tried again.
  return { outcome, expected: expectedUsername ?? "", mailboxes, link };
}

export type OwnerOutcome = NonNullable<Awaited<ReturnType<typeof findOwnerOutcome>>>;

function linkVoid(): AppError {
  return new AppError(
    "not_found",
    "This link was already used, was replaced or revoked, or has expired. Ask the sender for a new one.",
  );
}

/** Why a sign-in by link failed, as far as its owner has to know. */
type OwnersCause = keyof typeof WORDS;

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

export function isRetried(cause: OwnersCause): boolean {
  return ["cancelled", "wrong_account", "no_mail", "passing"].includes(cause);
}

type Asked = { asker: string /** Whether the link still works. */; canRetry: boolean };

export function ownersWords(cause: OwnersCause, { asker, canRetry }: Asked): string {
  if (!canRetry) return `The sign-in was not completed. Ask ${asker} for a new link.`;
  return WORDS[cause].replaceAll("{asker}", () => asker);
}

const WORDS = {
  cancelled: "You cancelled the sign-in. Nothing was stored. To sign in, try again.",
  wrong_account: "You signed in with another account. Nothing was stored. Try again.",
  no_consent:
    "Your organisation must allow this first. Nothing was stored. Tell {asker}, and try again when it is allowed.",
  no_mail:
    "You did not allow access to your email. Nothing was stored. Try again, and tick the box for it. If there is no such box, tell {asker}.",
  other_device:
    "Your organisation does not accept this device. Nothing was stored. Open the link on your work computer or another device. If it fails there too, tell {asker}.",
  other_network:
    "The network that you are in does not allow this sign-in. Nothing was stored. Open the link from another network. If it fails there too, tell {asker}.",
  policy:
    "A rule of your organisation blocks this sign-in. Nothing was stored. Only your organisation can change that: tell {asker}, and try again when it is allowed.",
  passing:
    "The sign-in did not work. Nothing was stored. Try again. If it fails again, tell {asker}.",
  other: "The sign-in did not work. Nothing was stored. You can't fix this yourself: tell {asker}.",
};
