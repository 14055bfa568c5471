import { searchContactLists } from "@/lib/contacts/lists/queries";
import type { Actor } from "@/lib/kernel/actor";
import { searchCloudProviders } from "@/lib/registrations/queries";

export async function firstAccountChoices(actor: Actor) {
  const [providers, lists] = await Promise.all([
    searchCloudProviders(actor, { search: "" }),
    searchContactLists(actor, ""),
  ]);
  return { providers, lists };
}
