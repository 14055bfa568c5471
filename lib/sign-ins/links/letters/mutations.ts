import "server-only";
import { recordAudit } from "@/lib/audit/mutations";
import { command } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { bringForward } from "@/lib/letters/mutations";
import { requireLetterChannel } from "@/lib/letters/queries";
import { replaceSignInLinks } from "../bulk/mutations";
import type { LinkSelection } from "../bulk/schema";
import type { NewSignInLink } from "../schema";
import { tellOfLinks } from "../tell";
import {
  linkIdSchema,
  linkSettingsSchema,
  type MailedLinks,
  mailSignInLinksSchema,
} from "./schema";
import { putLinkLetters } from "./store";

/**
 * Sends links that were just made to the people whom they are for. Their tokens come from who made them: Postkey
 * keeps their hashes alone. Sent once, however often it is asked.
 *
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
    const [[made], [kept]] = [links, refused];
    if (made) return made;
    if (kept) throw new AppError("conflict", kept.reason);
    throw new AppError("not_found", "This link no longer exists.");
  },
});

/**
 * Sends the reminder of a link now, instead of before its end: still only once.
 * @throws AppError conflict when none waits
 */
export const remindOfSignInLink = command({
  input: linkIdSchema,
  permission: "authorizations:write",
  async run({ tx, actor }, { id }): Promise<void> {
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
  },
});

/** What Postkey does by itself about sign-ins. Reminders that wait are dropped once they are switched off. */
export const saveLinkSettings = command({
  input: linkSettingsSchema,
  permission: "providers:write",
  async run({ tx, actor }, settings): Promise<void> {
    const { reminds, reportsUnsigned, ...rest } = settings;
    const data = {
      ...rest,
      remindHoursBefore: reminds ? rest.remindHoursBefore : null,
      unsignedDays: reportsUnsigned ? rest.unsignedDays : null,
    };
    await tx.installation.update({ where: { id: 1 }, data, select: { id: true } });
    await recordAudit(tx, actor, {
      action: "sign_in_link.settings",
      object: { kind: "installation", id: "1", name: "Sign-in links" },
      detail: data,
    });
  },
});
