import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { hashToken, randomToken } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import { hasLetterChannel, requireLetterChannel } from "@/lib/letters/queries";
import { tell } from "@/lib/registrations/store";
import { hasAddress, putLinkLetters } from "./letters/store";
import type { CreateSignInLinks, NewSignInLink } from "./schema";
import { lockOpenLinks, NAMED, replaceLinks, requireBrowserProvider } from "./store";

/** Longer than a thousand links take at each of several providers. */
const WITHIN = { timeout: 60_000 };

/**
 * Each is for one person, and voids the one before; without `replaces`, people whose link still works keep it and get none.
 * @param kind why they go out, where they are sent by mail
 * @throws AppError not_found; conflict when mailboxes there don't sign in by browser, or nothing sends mail
 */
export async function createSignInLinks(
  actor: Actor,
  input: CreateSignInLinks,
  kind?: LinkLetterKind,
): Promise<NewSignInLink[]> {
  return createSignInLinksAt(actor, [input], kind);
}

/** At several providers: where one refuses, no link of another is replaced by one that no one got. */
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

export type LinkLetterKind = "sign_in_link" | "lapsed";

/** As a part of what its caller does, which asked for the permission. @throws AppError as createSignInLinks */
export async function putSignInLinks(
  tx: Transaction,
  actor: Actor,
  { kind = "sign_in_link", ...input }: CreateSignInLinks & { kind?: LinkLetterKind | undefined },
): Promise<NewSignInLink[]> {
  const { cloudProviderId, usernames, send = false, replaces = true } = input;
  const asked = new Map(usernames.map((name) => [emailKey(name), name]));
  const name = await requireBrowserProvider(tx, cloudProviderId);
  const open = await lockOpenLinks(tx, cloudProviderId, [...asked.keys()]);
  if (!replaces) for (const key of open) asked.delete(key);
  if (asked.size === 0) return [];
  const people = [...asked.values()];
  const made = people.map((username) => ({ username, token: randomToken() }));
  const stored = await replaceLinks(
    tx,
    { cloudProviderId, createdByName: actor.createdByName ?? actor.name },
    made.map(({ username, token }) => ({ username, tokenHash: hashToken(token) })),
  );
  const mailOf = await mailNew(tx, made, send ? kind : null);
  await tell(tx, actor, {
    action: "sign_in_link.create",
    id: cloudProviderId,
    name,
    detail: {
      links: people.length,
      usernames: people.slice(0, NAMED),
      ...(send && { send }),
      ...(replaces && open.size > 0 && { replaced: open.size }),
    },
  });
  return made.flatMap(({ username, token }) => {
    const link = stored.get(emailKey(username));
    const shown = { link: `${env().url.origin}/connect#${token}`, mail: mailOf(username) };
    return link ? [{ ...link, username, ...shown }] : [];
  });
}

/** Sends new links, unless `kind` is null. @returns whether the link of a person goes out by mail, or could */
async function mailNew(
  tx: Transaction,
  made: readonly { username: string; token: string }[],
  kind: LinkLetterKind | null,
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
