import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { type LinkLetterKind, putSignInLinks } from "./put-links";
import type { CreateSignInLinks, NewSignInLink } from "./schema";

/** Longer than a thousand links take at each of several providers. */
const WITHIN = { timeout: 60_000 };

/**
 * Makes a one-time link for each person, good for `LINK_HOURS`, with which they sign in at the provider without an
 * account here. Each is for that person alone, and voids the one before; without `replaces`, people whose link
 * still works keep it and get none.
 *
 * @param kind why they go out, where they are sent by mail
 * @returns the links: this is the only time that they are shown
 * @throws AppError not_found; conflict when mailboxes there don't sign in by browser, or nothing sends mail
 */
export async function createSignInLinks(
  actor: Actor,
  input: CreateSignInLinks,
  kind?: LinkLetterKind,
): Promise<NewSignInLink[]> {
  return createSignInLinksAt(actor, [input], kind);
}

/** The same at several providers: where one refuses, no link of another is replaced by one that no one got. */
export async function createSignInLinksAt(
  actor: Actor,
  inputs: readonly CreateSignInLinks[],
  kind?: LinkLetterKind,
): Promise<NewSignInLink[]> {
  requirePermission(actor, "authorizations:write");
  return db().$transaction(async (tx) => {
    const links: NewSignInLink[] = [];
    for (const input of inputs)
      links.push(...(await putSignInLinks(tx, actor, { ...input, kind })));
    return links;
  }, WITHIN);
}
