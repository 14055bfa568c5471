import "server-only";
import { POSTKEY } from "@/lib/kernel/postkey";
import { hasLetterChannel } from "@/lib/letters/queries";
import { createSignInLinks } from "../mutations";
import { MOST_LAPSED } from "./schema";
import { countLapsedToday, findLapsed, findSettings, recipientsOf, takeTurn } from "./store";

/**
 * One turn of the keeper: a sign-in that lapsed sends its owner a new link, where people asked for that. Nothing
 * is sent while many have lapsed at once: that has one cause, which links do not repair.
 *
 * @returns how many links were made
 */
export async function sendLapsedLinks(): Promise<number> {
  const { sendsLapsedLinks, lapsedLinksPerDay } = await findSettings();
  if (!sendsLapsedLinks || !(await hasLetterChannel()) || !(await takeTurn())) return 0;
  const lapsed = await findLapsed();
  if (lapsed.length > MOST_LAPSED) return 0;
  const left = Math.max(0, lapsedLinksPerDay - (await countLapsedToday()));
  const due = recipientsOf(lapsed).slice(0, left);
  for (const { cloudProviderId, username } of due) {
    const usernames = [username];
    await createSignInLinks(POSTKEY, { cloudProviderId, usernames, send: true }, "lapsed");
  }
  return due.length;
}
