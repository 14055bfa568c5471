import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { createSignInLinks } from "@/lib/sign-ins/links/mutations";
import type { NewSignInLink } from "@/lib/sign-ins/links/schema";
import { findSubject } from "@/lib/sign-ins/queries";
import { listSignIns } from "./queries";
import type { Selection } from "./schema";

/**
 * A link for each person who has to sign in so that the selected accounts work, where people sign in by
 * browser. @throws AppError
 */
export async function createLinksForSelected(
  actor: Actor,
  selection: Selection,
): Promise<NewSignInLink[]> {
  requirePermission(actor, "authorizations:write");
  const { providers } = await listSignIns(actor, selection);
  const links: NewSignInLink[] = [];
  for (const { id: cloudProviderId, grant, people } of providers) {
    if (grant !== "delegated") continue;
    const usernames = people.map(({ username }) => username);
    links.push(...(await createSignInLinks(actor, { cloudProviderId, usernames })));
  }
  return links;
}

/** A link for the person who signs one account in, whether it works now or not. @throws AppError */
export async function createLinkForAccount(
  actor: Actor,
  { id }: { id: string },
): Promise<NewSignInLink[]> {
  requirePermission(actor, "authorizations:write");
  const { cloudProviderId, expectedUsername } = await findSubject({
    subject: "email_account",
    emailAccountId: id,
  });
  const usernames = [expectedUsername ?? ""];
  return createSignInLinks(actor, { cloudProviderId, usernames });
}
