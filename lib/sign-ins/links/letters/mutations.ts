import "server-only";
import { recordAudit } from "@/lib/audit/mutations";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { bringForward } from "@/lib/letters/mutations";
import { requireLetterChannel } from "@/lib/letters/queries";
import { replaceSignInLinks } from "../bulk/mutations";
import type { LinkSelection } from "../bulk/schema";
import type { NewSignInLink } from "../schema";
import { tellOfLinks } from "../tell";
import type { LinkSettings, MailedLinks } from "./schema";
import { putLinkLetters } from "./store";

/**
 * Sends links that were just made to the people whom they are for. Their tokens come from who made them: Postkey
 * keeps their hashes alone. Sent once, however often it is asked.
 *
 * @throws AppError conflict when no channel sends links
 */
export async function mailSignInLinks(
  actor: Actor,
  { tokens }: { tokens: string[] },
): Promise<MailedLinks> {
  requirePermission(actor, "authorizations:write");
  return db().$transaction(async (tx) => {
    await requireLetterChannel(tx);
    const links = await putLinkLetters(tx, tokens, "sign_in_link");
    await tellOfLinks(tx, actor, { action: "sign_in_link.send", links });
    return { mailed: links.length, withoutAddress: tokens.length - links.length };
  });
}

/**
 * A new link for the same person, by mail; the one before is void.
 * @throws AppError not_found when it was revoked; conflict when it was used, without a channel or an address
 */
export async function sendSignInLinkAgain(
  actor: Actor,
  { id }: { id: string },
): Promise<NewSignInLink> {
  requirePermission(actor, "authorizations:write");
  const selection: LinkSelection = { links: "selected", signInLinkIds: [id] };
  const { links, refused } = await replaceSignInLinks(actor, { selection, send: true });
  const [[made], [kept]] = [links, refused];
  if (made) return made;
  if (kept) throw new AppError("conflict", kept.reason);
  throw new AppError("not_found", "This link no longer exists.");
}

/**
 * Sends the reminder of a link now, instead of before its end: still only once.
 * @throws AppError conflict when none waits
 */
export async function remindOfSignInLink(actor: Actor, { id }: { id: string }): Promise<void> {
  requirePermission(actor, "authorizations:write");
  await db().$transaction(async (tx) => {
    const link = await tx.signInLink.findUnique({
      where: { id },
      select: {
        tokenHash: true,
        username: true,
        cloudProvider: { select: { id: true, name: true } },
      },
    });
    if (!link) throw new AppError("not_found", "This link no longer exists.");
    if (!(await bringForward(tx, link.tokenHash)))
      throw new AppError(
        "conflict",
        "No reminder waits for this link. Send it again instead: that creates a new link.",
      );
    const links = [{ ...link.cloudProvider, username: link.username }];
    await tellOfLinks(tx, actor, { action: "sign_in_link.remind", links });
  });
}

/** What Postkey sends by itself about links. Reminders that wait are dropped once they are switched off. */
export async function saveLinkSettings(actor: Actor, settings: LinkSettings): Promise<void> {
  requirePermission(actor, "providers:write");
  const { reminds, remindHoursBefore, sendsLapsedLinks, lapsedLinksPerDay } = settings;
  await db().$transaction(async (tx) => {
    const data = {
      remindHoursBefore: reminds ? remindHoursBefore : null,
      sendsLapsedLinks,
      lapsedLinksPerDay,
    };
    await tx.installation.update({ where: { id: 1 }, data, select: { id: true } });
    await recordAudit(tx, actor, {
      action: "sign_in_link.settings",
      object: { kind: "installation", id: "1", name: "Sign-in links" },
      detail: data,
    });
  });
}
