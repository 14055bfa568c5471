import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { command } from "@/lib/kernel/command";
import { createSignInLinksAt } from "@/lib/sign-ins/links/mutations";
import { findLinkPeople } from "@/lib/sign-ins/links/queries";
import type { LinkPerson, NewSignInLink } from "@/lib/sign-ins/links/schema";
import { findSubject } from "@/lib/sign-ins/queries";
import { listSignIns } from "./queries";
import { createLinksSchema, type LinksOf } from "./schema";

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

export async function findLinksOfSelected(actor: Actor, of: LinksOf): Promise<LinkPerson[]> {
  requirePermission(actor, "providers:read");
  const found: LinkPerson[] = [];
  for (const people of await findPeople(actor, of))
    found.push(...(await findLinkPeople(actor, people)));
  return found;
}

type PeopleAt = { cloudProviderId: string; usernames: string[] };

/** Whether the sign-in works now or not. */
async function findPeople(actor: Actor, of: LinksOf): Promise<PeopleAt[]> {
  if ("usernames" in of) return [of];
  if ("emailAccountId" in of) {
    const subject = { subject: "email_account", emailAccountId: of.emailAccountId } as const;
    const { cloudProviderId, expectedUsername } = await findSubject(subject);
    return [{ cloudProviderId, usernames: [expectedUsername ?? ""] }];
  }
  const { providers } = await listSignIns(actor, of);
  return providers
    .filter(({ grant }) => grant === "delegated")
    .map(({ id, people }) => ({
      cloudProviderId: id,
      usernames: people.map(({ username }) => username),
    }));
}
