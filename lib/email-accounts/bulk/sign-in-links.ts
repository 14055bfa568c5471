import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { command } from "@/lib/kernel/command";
import { createSignInLinksAt } from "@/lib/sign-ins/links/mutations";
import { findLinkPeople } from "@/lib/sign-ins/links/queries";
import type { LinkPerson, NewSignInLink } from "@/lib/sign-ins/links/schema";
import { findSubject } from "@/lib/sign-ins/queries";
import { listSignIns } from "./queries";
import { createLinksSchema, type LinksOf, type Selection } from "./schema";

/**
 * A link for each person who has to sign in so that the selected accounts work, where people sign in by
 * browser. @throws AppError
 */
export const createLinksForSelected = command({
  input: createLinksSchema,
  permission: "authorizations:write",
  async act(actor, { of, replaces }): Promise<NewSignInLink[]> {
    const all = await findPeople(actor, of);
    return createSignInLinksAt(
      actor,
      all.map((people) => ({ ...people, replaces })),
    );
  },
});

/** The same people, with what they have before they get links. @throws AppError */
export async function findLinksOfSelected(actor: Actor, of: LinksOf): Promise<LinkPerson[]> {
  requirePermission(actor, "providers:read");
  const found: LinkPerson[] = [];
  for (const people of await findPeople(actor, of))
    found.push(...(await findLinkPeople(actor, people)));
  return found;
}

type PeopleAt = { cloudProviderId: string; usernames: string[] };

/** Of one account it is the person who signs it in, whether it works now or not. */
async function findPeople(actor: Actor, of: LinksOf): Promise<PeopleAt[]> {
  if ("usernames" in of) return [of];
  if ("emailAccountId" in of) return [await findPersonOf(of.emailAccountId)];
  return findWaiting(actor, of);
}

async function findPersonOf(emailAccountId: string): Promise<PeopleAt> {
  const { cloudProviderId, expectedUsername } = await findSubject({
    subject: "email_account",
    emailAccountId,
  });
  return { cloudProviderId, usernames: [expectedUsername ?? ""] };
}

async function findWaiting(actor: Actor, selection: Selection): Promise<PeopleAt[]> {
  const { providers } = await listSignIns(actor, selection);
  return providers
    .filter(({ grant }) => grant === "delegated")
    .map(({ id, people }) => ({
      cloudProviderId: id,
      usernames: people.map(({ username }) => username),
    }));
}
