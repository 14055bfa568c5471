import { command } from "@/lib/kernel/command";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { counted } from "@/lib/kernel/text/schema";
import type { Transaction } from "@/lib/kernel/transaction";
import { hasAddress } from "../letters/store";
import { putSignInLinks } from "../mutations";
import { selectedLinks } from "../queries";
import {
  type LinkSelection,
  MAX_LINKS,
  MAX_REVOKED,
  type NewSignInLink,
  type ReplacedLinks,
  type RevokedLinks,
  replaceSignInLinksSchema,
  revokeSignInLinksSchema,
  tooManyLinks,
} from "../schema";
import { byProvider, isOpenLink, type ToldLink, tellOfLinks } from "../store";

/** Longer than ten thousand rows take; only changes to the same links wait for it. */
const WITHIN = { timeout: 60_000 };

/**
 * A sign-in that was begun with one is refused. A used or expired one leaves the list; the sign-in stays.
 * @throws AppError stale when the list shows other links than were seen, unprocessable
 */
export const revokeSignInLinks = command({
  input: revokeSignInLinksSchema,
  permission: "authorizations:write",
  within: (work) => db().$transaction(work, WITHIN),
  async run({ tx, actor }, input): Promise<RevokedLinks> {
    const { links, missing } = await lockSelectedLinks(tx, input);
    const ids = links.map(({ id }) => id);
    await tx.$executeRaw`DELETE FROM "SignInLink" WHERE id = ANY(${ids}::uuid[])`;
    await tellOfLinks(tx, actor, { action: "sign_in_link.revoke", links });
    const revoked = links.filter(({ isOpen }) => isOpen).length;
    return { revoked, removed: links.length - revoked, missing };
  },
});

/**
 * The links before are void. People who need none, or whom `send` does not reach, keep theirs and are named with the reason.
 * @throws AppError stale; unprocessable when there are too many; conflict when nothing sends mail
 */
export const replaceSignInLinks = command({
  input: replaceSignInLinksSchema,
  permission: "authorizations:write",
  within: (work) => db().$transaction(work, WITHIN),
  async run({ tx, actor }, input): Promise<ReplacedLinks> {
    const { send } = input;
    const { links: selected, missing } = await lockSelectedLinks(tx, { ...input, max: MAX_LINKS });
    const judged = selected.map((link) => ({ link, reason: reasonAgainst(link, send) }));
    const replaced = judged.flatMap(({ link, reason }) => (reason === null ? [link] : []));
    const links: NewSignInLink[] = [];
    for (const { id: cloudProviderId, usernames } of byProvider(replaced)) {
      const asked = { cloudProviderId, usernames, send, replaces: true };
      links.push(...(await putSignInLinks(tx, actor, asked)));
    }
    const refused = judged.flatMap(({ link: { id, username }, reason }) =>
      reason === null ? [] : [{ id, username, reason }],
    );
    return { links, missing, refused };
  },
});

function reasonAgainst(link: LockedLink, send: boolean): string | null {
  if (link.isSignedIn) return "Signed in already.";
  if (link.grant !== "delegated")
    return `Mailboxes don't sign in by browser at ${link.providerName}.`;
  if (send && !hasAddress(link.username))
    return "This name is not an email address. Create a new link and copy it.";
  return null;
}

type LockedLink = ToldLink & { id: string; grant: string; isOpen: boolean; isSignedIn: boolean };

type Asked = { selection: LinkSelection; expected?: number | undefined; max?: number };

/** Locked in one order, so that two who change the same ones don't wait in a ring. @throws AppError stale, unprocessable */
async function lockSelectedLinks(
  tx: Transaction,
  { selection, expected, max = MAX_REVOKED }: Asked,
): Promise<{ links: LockedLink[]; missing: number }> {
  // Ends: More are refused, before anything is changed.
  const links = await tx.$queryRaw<LockedLink[]>`
    SELECT l.id, l.username, l."cloudProviderId", p.name AS "providerName", p."grant", ${isOpenLink} AS "isOpen",
      l."signedInAt" IS NOT NULL AS "isSignedIn"
    FROM "SignInLink" l JOIN "CloudProvider" p ON p.id = l."cloudProviderId"
    WHERE ${selectedLinks(selection)} ORDER BY l.id LIMIT ${max + 1} FOR UPDATE OF l`;
  if (links.length > max) throw new AppError("unprocessable", tooManyLinks(max));
  if (selection.links === "selected")
    return { links, missing: selection.signInLinkIds.length - links.length };
  if (expected === undefined || expected === links.length) return { links, missing: 0 };
  const now = `${counted(links.length, "link")} now, not ${expected.toLocaleString("en")}. Nothing was changed.`;
  const forPrograms = `The selection has ${now} Read the list again, and send its number as \`expected\`.`;
  const message = `The list shows ${now} Look at the list again, then repeat this.`;
  throw new AppError("stale", message, { forPrograms });
}
