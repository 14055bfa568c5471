import { recordAudit } from "@/lib/audit/mutations";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { command } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { bringForward } from "@/lib/letters/mutations";
import { hasLetterChannel, requireLetterChannel } from "@/lib/letters/queries";
import { tell } from "@/lib/registrations/store";
import { replaceSignInLinks } from "../bulk/mutations";
import { createSignInLinks } from "../mutations";
import type { LinkSelection, NewSignInLink } from "../schema";
import { tellOfLinks } from "../store";
import {
  type LinkSettings,
  linkIdSchema,
  type MailedLinks,
  MOST_LAPSED,
  mailSignInLinksSchema,
  saveLinkSettingsSchema,
} from "./schema";
import {
  countLapsedToday,
  findLapsed,
  findSettings,
  putLinkLetters,
  recipientsOf,
  takeTurn,
} from "./store";

/**
 * The tokens come from the person who made them: Postkey keeps their hashes alone. Sent once, however often it is asked.
 * @throws AppError conflict when no channel sends links
 */
export const mailSignInLinks = command({
  input: mailSignInLinksSchema,
  permission: "authorizations:write",
  async run({ tx, actor }, { tokens }): Promise<MailedLinks> {
    await requireLetterChannel(tx);
    const links = await putLinkLetters(tx, tokens, "sign_in_link");
    await tellOfLinks(tx, actor, { action: "sign_in_link.send", links });
    return { mailed: links.length, withoutAddress: tokens.length - links.length };
  },
});

/**
 * A new link for the same person, by mail; the one before is void.
 * @throws AppError not_found when it was revoked; conflict when it was used, without a channel or an address
 */
export const sendSignInLinkAgain = command({
  input: linkIdSchema,
  permission: "authorizations:write",
  async act(actor, { id }): Promise<NewSignInLink> {
    const selection: LinkSelection = { links: "selected", signInLinkIds: [id] };
    const { links, refused } = await replaceSignInLinks(actor, { selection, send: true });
    if (links[0]) return links[0];
    if (refused[0]) throw new AppError("conflict", refused[0].reason);
    throw new AppError("not_found", "This link no longer exists.");
  },
});

const PROVIDER = { id: true, name: true } as const;

/** Instead of before the end of the link: still only once. @throws AppError conflict when none waits */
export const remindOfSignInLink = command({
  input: linkIdSchema,
  permission: "authorizations:write",
  async run({ tx, actor }, { id }): Promise<void> {
    const link = await tx.signInLink.findUnique({
      where: { id },
      select: { tokenHash: true, username: true, cloudProvider: { select: PROVIDER } },
    });
    if (!link) throw new AppError("not_found", "This link no longer exists.");
    if (!(await bringForward(tx, link.tokenHash)))
      throw new AppError(
        "conflict",
        "No reminder waits for this link. Send it again instead: that creates a new link.",
      );
    const detail = { links: 1, usernames: [link.username] };
    await tell(tx, actor, { action: "sign_in_link.remind", ...link.cloudProvider, detail });
  },
});

/**
 * What Postkey does by itself about sign-ins. Reminders that wait are dropped once they are switched off.
 * @throws AppError stale when they are no longer as they were shown
 */
export const saveLinkSettings = command({
  input: saveLinkSettingsSchema,
  permission: "providers:write",
  async run({ tx, actor }, { was, ...settings }): Promise<void> {
    const data = columnsOf(settings);
    const where = { id: 1, ...columnsOf(was) };
    const { count } = await tx.installation.updateMany({ where, data });
    if (count !== 1)
      throw new AppError(
        "stale",
        "The settings were not saved. Someone changed them in the meantime. Reload the page to see them. What you typed is still here.",
        { forPrograms: "The settings were not changed: they are no longer as `was` says." },
      );
    await recordAudit(tx, actor, {
      action: "sign_in_link.settings",
      object: { kind: "installation", id: "1", name: "Sign-in links" },
      detail: data,
    });
  },
});

function columnsOf({ reminds, reportsUnsigned, ...rest }: LinkSettings) {
  return {
    ...rest,
    remindHoursBefore: reminds ? rest.remindHoursBefore : null,
    unsignedDays: reportsUnsigned ? rest.unsignedDays : null,
  };
}

/** For the keeper. Nothing is sent while many have lapsed at once: that has one cause, which links do not repair. */
export async function sendLapsedLinks(actor: Actor): Promise<number> {
  requirePermission(actor, "authorizations:write");
  const { sendsLapsedLinks, lapsedLinksPerDay } = await findSettings();
  if (!sendsLapsedLinks || !(await hasLetterChannel()) || !(await takeTurn())) return 0;
  const lapsed = await findLapsed();
  if (lapsed.length > MOST_LAPSED) return 0;
  const left = Math.max(0, lapsedLinksPerDay - (await countLapsedToday()));
  const due = recipientsOf(lapsed).slice(0, left);
  for (const { cloudProviderId, username } of due) {
    const usernames = [username];
    await createSignInLinks(actor, { cloudProviderId, usernames, send: true }, "lapsed");
  }
  return due.length;
}
