import { hostname } from "node:os";
import type { Protocol } from "@/lib/egress/protocols/schema";
import { SECOND_MS } from "@/lib/kernel/clock";
import { pool } from "@/lib/kernel/db";
import { isForgotten } from "@/lib/kernel/heartbeat";
import { LEASES } from "@/lib/kernel/leases";
import { type MailService, mailService } from "@/lib/mail/services/schema";

/** At Microsoft Graph, an application stands for its mailboxes. */
export type Served = Protocol | "graph";

/** Counted under the first account of a mailbox. No two claims are the same. */
export type Place = { mailboxId: string; protocol: Served; claim: string };

/**
 * Each known IMAP service allows ten; a second session of POP3 is refused (RFC 1939 §3). Graph serves four
 * requests of an application at once: https://learn.microsoft.com/graph/throttling-limits
 */
export function placesOf(service: MailService): Readonly<Record<Served, number>> {
  return { smtp: mailService(service).sending.connections, imap: 10, pop3: 1, graph: 4 };
}

const LEASE = LEASES.deviceGateway;
export const RENEW_EVERY_MS = LEASE.renewEveryMs;
/** Who waits for a place asks again so soon: one that another process gives back is found then. */
export const ASK_EVERY_MS = 250;
/** SQL: whether the gateway that has a place `p` is alive. */
export const LIVES = `EXISTS (SELECT FROM "DeviceGateway" g
  WHERE g.id = p."gatewayId" AND ${LEASE.isHeld('g."leaseUntil"')})`;

const TAKE = {
  name: "take-place",
  // Ends: One place, or the one that names its mailbox.
  text: `WITH quick AS (SELECT set_config('synchronous_commit', 'off', TRUE))
    INSERT INTO "MailboxPlace" AS p ("emailAccountId", protocol, place, "gatewayId", claim)
    SELECT $1, $2, n, $4, $5 FROM quick, generate_series(1, $3::int) n
      WHERE NOT EXISTS (SELECT FROM "MailboxPlace" p
        WHERE p."emailAccountId" = $1 AND p.protocol = $2 AND p.place = n
          AND (p."gatewayId" = $4 OR ${LIVES}))
      ORDER BY random() LIMIT 1
    ON CONFLICT ("emailAccountId", protocol, place) DO UPDATE
      SET "gatewayId" = EXCLUDED."gatewayId", claim = EXCLUDED.claim, wanted = FALSE
      WHERE p."gatewayId" <> EXCLUDED."gatewayId" AND NOT ${LIVES}
    RETURNING place`,
};

/** Also a dead gateway's. @returns whether there was one just now */
export async function takePlace(
  { mailboxId, protocol, claim }: Place,
  { most, gatewayId }: { most: number; gatewayId: string },
): Promise<boolean> {
  const values = [mailboxId, protocol, most, gatewayId, claim];
  const { rowCount } = await pool().query({ ...TAKE, values });
  return rowCount === 1;
}

export async function wantPlace({ mailboxId, protocol }: Omit<Place, "claim">): Promise<void> {
  await pool().query(
    `UPDATE "MailboxPlace" SET wanted = TRUE
      WHERE "emailAccountId" = $1 AND protocol = $2 AND NOT wanted`,
    [mailboxId, protocol],
  );
}

/** Told to one gateway, which gives one up. */
export async function takeWanted(mailboxIds: readonly string[], protocol: Protocol) {
  const { rows } = await pool().query<{ id: string }>(
    `UPDATE "MailboxPlace" SET wanted = FALSE
      WHERE "emailAccountId" = ANY($1) AND protocol = $2 AND wanted RETURNING "emailAccountId" AS id`,
    [mailboxIds, protocol],
  );
  return [...new Set(rows.map(({ id }) => id))];
}

const GIVE_BACK = {
  name: "give-places-back",
  text: `DELETE FROM "MailboxPlace" p
    USING unnest($1::uuid[], $2::text[], $3::uuid[]) AS g(account, protocol, claim)
    WHERE p."emailAccountId" = g.account AND p.protocol = g.protocol AND p.claim = g.claim
      AND p."gatewayId" = $4`,
};

/** Only those that no other has by now. */
export async function givePlacesBack(places: readonly Place[], gatewayId: string): Promise<void> {
  const columns = [
    places.map(({ mailboxId }) => mailboxId),
    places.map(({ protocol }) => protocol),
    places.map(({ claim }) => claim),
  ];
  await pool().query({ ...GIVE_BACK, values: [...columns, gatewayId] });
}

/** Longer than a statement may take. */
const DOUBT_MS = 15 * SECOND_MS;

/** Gives back what may be taken although no answer came, once no statement can take it any more. */
export function giveBackInDoubt(places: readonly Place[], gatewayId: string): void {
  const giveBack = () =>
    givePlacesBack(places, gatewayId).catch(() => giveBackInDoubt(places, gatewayId));
  setTimeout(giveBack, DOUBT_MS).unref();
}

export type Serving = { host: string; listeners: readonly string[]; forMs: number };

/** Forgets gateways that were silent for long. @param serving absent: holds a place only */
export async function renewLease(gatewayId: string, serving?: Serving): Promise<void> {
  await pool().query(
    `WITH forgotten AS (DELETE FROM "DeviceGateway" WHERE id <> $1 AND ${isForgotten('"leaseUntil"')})
      INSERT INTO "DeviceGateway" (id, "leaseUntil", host, "startedAt", listeners)
      VALUES ($1, ${LEASE.until}, $2, now() - $4::float8 * interval '1 millisecond', $3)
      ON CONFLICT (id) DO UPDATE SET "leaseUntil" = EXCLUDED."leaseUntil"`,
    [gatewayId, serving?.host ?? hostname(), serving?.listeners ?? [], serving?.forMs ?? null],
  );
}

export async function endLease(gatewayId: string): Promise<void> {
  await pool().query(`DELETE FROM "DeviceGateway" WHERE id = $1`, [gatewayId]);
}
