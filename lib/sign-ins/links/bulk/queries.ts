import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { Prisma } from "@/prisma/generated/client";
import { hasAddress } from "../letters/store";
import { listSignInLinks } from "../queries";
import { isOpenLink } from "../store";
import { type LinkSelection, MAX_REVOKED, type SelectedLinks } from "./schema";

/** SQL: the links `l` that were selected. */
export function selectedLinks(selection: LinkSelection): Prisma.Sql {
  return selection.links === "selected"
    ? Prisma.sql`l.id = ANY(${selection.signInLinkIds}::uuid[])`
    : listSignInLinks.condition(selection);
}

type FoundLink = { id: string; username: string; isOpen: boolean; isSignedIn: boolean };

const tickedOf = ({ id, username, isSignedIn }: FoundLink) => ({
  id,
  username,
  isSignedIn,
  isReached: hasAddress(username),
});

/** What is selected, exactly: what a person confirms. More than can be changed at once is refused then. */
export async function findSelectedLinks(
  actor: Actor,
  selection: LinkSelection,
): Promise<SelectedLinks> {
  requirePermission(actor, "providers:read");
  // Ends: More are refused, before anything is confirmed.
  const links = await db().$queryRaw<FoundLink[]>`
    SELECT l.id, l.username, ${isOpenLink} AS "isOpen", l."signedInAt" IS NOT NULL AS "isSignedIn"
    FROM "SignInLink" l WHERE ${selectedLinks(selection)}
    ORDER BY l."usernameKey", l.id LIMIT ${MAX_REVOKED + 1}`;
  const count = links.length;
  const asked = selection.links === "selected" ? selection.signInLinkIds.length : count;
  const waiting = links.filter(({ isSignedIn }) => !isSignedIn);
  return {
    count,
    ticked: selection.links === "selected" ? links.map(tickedOf) : [],
    missing: asked - count,
    open: links.filter(({ isOpen }) => isOpen).length,
    signedIn: count - waiting.length,
    withoutAddress: waiting.filter(({ username }) => !hasAddress(username)).length,
  };
}
