import "server-only";
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
import { isOpenLink, tellOfLinks } from "../store";

/** Longer than ten thousand rows take; only changes to the same links wait for it. */
const WITHIN = { timeout: 60_000 };

/**
 * Ends links: who opens one is told so, and a sign-in that was begun with it is refused. One that was used or is
 * too old leaves the list; the sign-in stays.
 *
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
    await tellOfLinks(tx, actor, { action: "sign_in_link.revoke", links: links.map(toldOf) });
    const revoked = links.filter(({ isOpen }) => isOpen).length;
    return { revoked, removed: links.length - revoked, missing };
  },
});

function toldOf({ cloudProviderId: id, providerName: name, username }: LockedLink) {
  return { id, name, username };
}

/**
 * A new link for each person of a selection, in one transaction; the ones before are void. Who signed in already
 * needs none, and with `send` people whom no mail reaches keep theirs: both are named with the reason.
 *
 * @throws AppError stale when the list shows other links than were seen; unprocessable when there are too many;
 * conflict when nothing sends mail
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
    for (const people of byProvider(replaced))
      links.push(...(await putSignInLinks(tx, actor, { ...people, send, replaces: true })));
    const refused = judged.flatMap(({ link: { id, username }, reason }) =>
      reason === null ? [] : [{ id, username, reason }],
    );
    return { links, missing, refused };
  },
});

/** Why a person gets no new link; null otherwise. */
function reasonAgainst(link: LockedLink, send: boolean): string | null {
  if (link.isSignedIn) return "Signed in already.";
  if (link.grant !== "delegated")
    return `Mailboxes don't sign in by browser at ${link.providerName}.`;
  if (send && !hasAddress(link.username))
    return "This name is not an email address. Create a new link and copy it.";
  return null;
}

function byProvider(links: readonly LockedLink[]) {
  const providers = new Map<string, { cloudProviderId: string; usernames: string[] }>();
  for (const { cloudProviderId, username } of links) {
    const people = providers.get(cloudProviderId) ?? { cloudProviderId, usernames: [] };
    providers.set(cloudProviderId, people);
    people.usernames.push(username);
  }
  return providers.values();
}

export type LockedLink = {
  id: string;
  username: string;
  cloudProviderId: string;
  providerName: string;
  grant: string;
  isOpen: boolean;
  isSignedIn: boolean;
};

type Asked = {
  selection: LinkSelection;
  expected?: number | undefined;
  /** As many may be changed at once. */
  max?: number;
};

/**
 * The links of a selection, locked in one order, so that two who change the same ones wait for each other
 * instead of in a ring.
 *
 * @throws AppError stale when a list shows another number than was seen, unprocessable when there are too many
 */
export async function lockSelectedLinks(
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
  if (expected !== undefined && expected !== links.length)
    throw anotherNumber(links.length, expected);
  return { links, missing: 0 };
}

function anotherNumber(count: number, expected: number): AppError {
  return new AppError(
    "stale",
    `The list shows ${counted(count, "link")} now, not ${expected.toLocaleString("en")}. Nothing was changed. Look at the list again, then repeat this.`,
    {
      forPrograms: `The selection has ${counted(count, "link")} now, not ${expected.toLocaleString("en")}. Nothing was changed. Read the list again, and send its number as \`expected\`.`,
    },
  );
}
