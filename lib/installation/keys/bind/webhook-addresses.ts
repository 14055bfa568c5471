import "server-only";
import { appendEvent } from "@/lib/audit/mutations";
import { BY_POSTKEY } from "@/lib/audit/postkey";
import { webhookDestination } from "@/lib/installation/keys/destinations";
import { seal } from "@/lib/kernel/crypto";
import { env } from "@/lib/kernel/env";

/** Runs a statement on a connection. */
type Run = <R>(sql: string, values: readonly unknown[]) => Promise<R[]>;

/**
 * Seals the addresses of webhooks, which earlier versions kept in clear. A row says by itself whether
 * there is anything to do, so that one which an older process wrote meanwhile is sealed at the next start.
 * Within the transaction, and under the lock, of the caller.
 */
export async function sealWebhookAddresses(run: Run): Promise<void> {
  const rows = await run<{ id: string; url: string }>(
    `SELECT id::text, target->>'url' AS url FROM "AlertChannel"
     WHERE target->>'kind' = 'webhook' AND target ? 'url' FOR UPDATE`,
    [],
  );
  // Every version checked what was typed: what is no address holds no token either.
  const addresses = rows.filter(({ url }) => URL.canParse(url));
  for (const address of addresses) await sealOne(run, address);
  if (addresses.length === 0) return;
  const object = { kind: "installation", id: "1", name: "Installation" };
  const detail = { values: addresses.length };
  await appendEvent(run, BY_POSTKEY, { action: "keys.seal_webhooks", object, detail });
}

async function sealOne(run: Run, { id, url }: { id: string; url: string }): Promise<void> {
  const { origin } = new URL(url);
  const destination = webhookDestination(origin);
  const place = { table: "AlertChannel", id, column: "addressSealed", destination };
  await run(
    `UPDATE "AlertChannel" SET target = $2::jsonb, "addressSealed" = $3 WHERE id::text = $1`,
    [id, JSON.stringify({ kind: "webhook", origin }), seal(env().keyring, place, url)],
  );
}
