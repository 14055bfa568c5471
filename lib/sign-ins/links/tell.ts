import "server-only";
import { recordAudit } from "@/lib/audit/mutations";
import type { Actor } from "@/lib/kernel/actor";
import { publish } from "@/lib/kernel/events/mutations";
import type { Transaction } from "@/lib/kernel/transaction";

/** As many are named in the trail. */
export const NAMED = 20;

/** A link by its provider and its person. */
export type ToldLink = { id: string; name: string; username: string };

/** Tells the trail and the open pages what was done to links: once for each provider. */
export async function tellOfLinks(
  tx: Transaction,
  actor: Actor,
  { action, links }: { action: string; links: readonly ToldLink[] },
): Promise<void> {
  for (const { id, name, usernames } of byProvider(links)) {
    await recordAudit(tx, actor, {
      action,
      object: { kind: "cloud_provider", id, name },
      detail: { links: usernames.length, usernames: usernames.slice(0, NAMED) },
    });
    await publish(tx, { type: "cloud_provider", id });
  }
}

function byProvider(links: readonly ToldLink[]) {
  const providers = new Map<string, { id: string; name: string; usernames: string[] }>();
  for (const { id, name, username } of links) {
    const provider = providers.get(id) ?? { id, name, usernames: [] };
    providers.set(id, provider);
    provider.usernames.push(username);
  }
  return providers.values();
}
