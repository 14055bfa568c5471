import "server-only";
import { recordAudit } from "@/lib/audit/mutations";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { hashToken, randomToken } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { publish } from "@/lib/kernel/events/mutations";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import { hasLetterChannel, requireLetterChannel } from "@/lib/letters/queries";
import { hasAddress, putLinkLetters } from "./letters/store";
import type { CreateSignInLinks, NewSignInLink } from "./schema";
import { linkEnd, lockOpenLinks, replaceLinks } from "./store";
import { NAMED, type ToldLink, tellOfLinks } from "./tell";

/**
 * Makes a one-time link for each person, good for 72 hours, with which they sign in at the provider without an
 * account here. Each is for that person alone, and voids the one before; without `replaces`, people whose link
 * still works keep it and get none.
 *
 * @param kind why they go out, where they are sent by mail
 * @returns the links: this is the only time that they are shown
 * @throws AppError not_found; conflict when nobody signs in by browser there, or nothing sends mail
 */
export async function createSignInLinks(
  actor: Actor,
  { cloudProviderId, usernames, send = false, replaces = true }: CreateSignInLinks,
  kind: "sign_in_link" | "lapsed" = "sign_in_link",
): Promise<NewSignInLink[]> {
  requirePermission(actor, "authorizations:write");
  const asked = new Map(usernames.map((name) => [emailKey(name), name]));
  return db().$transaction(async (tx) => {
    const name = await requireBrowserProvider(tx, cloudProviderId);
    const open = await lockOpenLinks(tx, cloudProviderId, [...asked.keys()]);
    if (!replaces) for (const key of open) asked.delete(key);
    if (asked.size === 0) return [];
    const people = [...asked.values()];
    const made = people.map((username) => ({ username, token: randomToken() }));
    const expiresAt = await linkEnd(tx);
    const stored = await replaceLinks(
      tx,
      { cloudProviderId, createdByName: actor.name, expiresAt },
      made.map(({ username, token }) => ({ username, tokenHash: hashToken(token) })),
    );
    const mailOf = await mailNew(tx, made, send ? kind : null);
    await recordAudit(tx, actor, {
      action: "sign_in_link.create",
      object: { kind: "cloud_provider", id: cloudProviderId, name },
      detail: {
        links: people.length,
        usernames: people.slice(0, NAMED),
        ...(send && { send }),
        ...(replaces && open.size > 0 && { replaced: open.size }),
      },
    });
    await publish(tx, { type: "cloud_provider", id: cloudProviderId });
    return made.map(({ username, token }) => ({
      id: stored.get(emailKey(username))?.id ?? "",
      username,
      mailboxes: stored.get(emailKey(username))?.mailboxes ?? [username],
      link: `${env().url.origin}/connect#${token}`,
      expiresAt,
      mail: mailOf(username),
    }));
  });
}

type MadeLink = { username: string; token: string };

/** Sends new links, unless `kind` is null. @returns whether the link of a person goes out by mail, or could */
async function mailNew(
  tx: Transaction,
  made: readonly MadeLink[],
  kind: "sign_in_link" | "lapsed" | null,
): Promise<(username: string) => NewSignInLink["mail"]> {
  const tokens = made.map(({ token }) => token);
  if (kind !== null) await requireLetterChannel(tx);
  const mailed = kind === null ? [] : await putLinkLetters(tx, tokens, kind);
  const names = new Set(mailed.map(({ username }) => username));
  const otherwise = (await hasLetterChannel(tx)) ? "possible" : "no_channel";
  return (username) => {
    if (names.has(username)) return "waiting";
    return hasAddress(username) ? otherwise : "no_address";
  };
}

/** @returns its name @throws AppError not_found, conflict */
async function requireBrowserProvider(tx: Transaction, id: string): Promise<string> {
  const [provider] = await tx.$queryRaw<{ name: string; grant: string }[]>`
    SELECT name, "grant" FROM "CloudProvider" WHERE id = ${id}::uuid FOR SHARE`;
  if (!provider) throw new AppError("not_found", "This cloud provider no longer exists.");
  if (provider.grant === "delegated") return provider.name;
  throw new AppError(
    "conflict",
    `Mailboxes don't sign in by browser at ${provider.name}, so there is nothing to send a link for.`,
  );
}

/**
 * Ends links: who opens one is told so, and a sign-in that was begun with it is refused.
 * @returns how many there were
 */
export async function revokeSignInLinks(
  actor: Actor,
  { ids }: { ids: string[] },
): Promise<{ revoked: number }> {
  requirePermission(actor, "authorizations:write");
  return db().$transaction(async (tx) => {
    const gone = await tx.$queryRaw<ToldLink[]>`DELETE FROM "SignInLink" l USING "CloudProvider" p
      WHERE p.id = l."cloudProviderId" AND l.id = ANY(${ids}::uuid[])
      RETURNING p.id, p.name, l.username`;
    await tellOfLinks(tx, actor, { action: "sign_in_link.revoke", links: gone });
    return { revoked: gone.length };
  });
}
