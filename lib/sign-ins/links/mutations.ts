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
import type { CreateSignInLinks, NewSignInLink } from "./schema";
import { linkEnd, replaceLinks } from "./store";

/**
 * Makes a one-time link for each person, good for 72 hours, with which they sign in at the provider without an
 * account here. Each is for that person alone, and voids the one before.
 *
 * @returns the links: this is the only time that they are shown
 * @throws AppError not_found; conflict when nobody signs in by browser there
 */
export async function createSignInLinks(
  actor: Actor,
  { cloudProviderId, usernames }: CreateSignInLinks,
): Promise<NewSignInLink[]> {
  requirePermission(actor, "authorizations:write");
  const people = [...new Map(usernames.map((name) => [emailKey(name), name])).values()];
  const made = people.map((username) => ({ username, token: randomToken() }));
  return db().$transaction(async (tx) => {
    const name = await requireBrowserProvider(tx, cloudProviderId);
    const expiresAt = await linkEnd(tx);
    const ids = await replaceLinks(
      tx,
      { cloudProviderId, createdByName: actor.name, expiresAt },
      made.map(({ username, token }) => ({ username, tokenHash: hashToken(token) })),
    );
    await recordAudit(tx, actor, {
      action: "sign_in_link.create",
      object: { kind: "cloud_provider", id: cloudProviderId, name },
      detail: { links: people.length, usernames: people.slice(0, NAMED) },
    });
    await publish(tx, { type: "cloud_provider", id: cloudProviderId });
    return made.map(({ username, token }) => ({
      id: ids.get(emailKey(username)) ?? "",
      username,
      link: `${env().url.origin}/connect#${token}`,
      expiresAt,
    }));
  });
}

/** As many are named in the trail. */
const NAMED = 20;

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
    const gone = await tx.$queryRaw<Gone[]>`DELETE FROM "SignInLink" l USING "CloudProvider" p
      WHERE p.id = l."cloudProviderId" AND l.id = ANY(${ids}::uuid[])
      RETURNING p.id, p.name, l.username`;
    for (const { id, name, usernames } of byProvider(gone)) {
      await recordAudit(tx, actor, {
        action: "sign_in_link.revoke",
        object: { kind: "cloud_provider", id, name },
        detail: { links: usernames.length, usernames: usernames.slice(0, NAMED) },
      });
      await publish(tx, { type: "cloud_provider", id });
    }
    return { revoked: gone.length };
  });
}

type Gone = { id: string; name: string; username: string };

function byProvider(gone: readonly Gone[]) {
  const providers = new Map<string, { id: string; name: string; usernames: string[] }>();
  for (const { id, name, username } of gone) {
    const provider = providers.get(id) ?? { id, name, usernames: [] };
    providers.set(id, provider);
    provider.usernames.push(username);
  }
  return providers.values();
}
