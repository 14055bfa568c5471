import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { hasLetterChannel } from "@/lib/letters/queries";
import { createSignInLinks } from "../../mutations";
import { MOST_LAPSED } from "../schema";
import { findSettings } from "../store";
import { countLapsedToday, findLapsed, recipientsOf, takeTurn } from "./store";

/**
 * One turn of the keeper: a sign-in that lapsed sends its owner a new link, where people asked for that. Nothing
 * is sent while many have lapsed at once: that has one cause, which links do not repair.
 *
 * @returns how many links were made
 */
export async function sendLapsedLinks(actor: Actor): Promise<number> {
  requirePermission(actor, "authorizations:write");
  const { sendsLapsedLinks, lapsedLinksPerDay } = await findSettings();
  if (!sendsLapsedLinks || !(await hasLetterChannel()) || !(await takeTurn())) return 0;
  const lapsed = await findLapsed();
  if (lapsed.length > MOST_LAPSED) return 0;
  const left = Math.max(0, lapsedLinksPerDay - (await countLapsedToday()));
  const due = recipientsOf(lapsed).slice(0, left);
  for (const { cloudProviderId, username } of due) {
    const usernames = [username];
    await createSignInLinks(actor, { cloudProviderId, usernames, send: true }, "lapsed");
  }
  return due.length;
}
