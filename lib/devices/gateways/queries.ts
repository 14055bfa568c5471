import { type Actor, can, requirePermission } from "@/lib/kernel/actor";
import { db, pool } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { LEASES } from "@/lib/kernel/leases";
import { isValid } from "@/lib/people/validity";
import type { GatewayHealth, GatewayRow } from "./schema";

const LEASE = LEASES.deviceGateway;
const SEEN_AT = LEASE.beginOf(`g."leaseUntil"`);

/**
 * SQL: a gateway `g` is shown as running for a minute, longer than its lease, which frees its places.
 * One of the version before says neither when it started nor where it runs.
 */
export const IS_SEEN = `((g."startedAt" IS NOT NULL OR g.host IS NULL) AND ${SEEN_AT} > now() - interval '1 minute'
  AND NOT postkey_is_ahead(${SEEN_AT}))`;

const IS_USED = `EXISTS (SELECT FROM "Device" d WHERE ${isValid("d")} AND NOT d.paused
  AND coalesce(d."lastUsedAt", 'epoch'::timestamptz) > now() - interval '30 days')`;

export function isGatewayMissing(): string {
  return `CASE WHEN EXISTS (SELECT FROM "DeviceGateway" g WHERE ${IS_SEEN}) THEN FALSE
    ELSE ${env().deviceListeners.length > 0 ? "TRUE" : IS_USED} END`;
}

export async function listGateways(actor: Actor): Promise<GatewayRow[]> {
  requirePermission(actor, "devices:read");
  return findGateways();
}

/** Names and ports are for readers of devices. @permission none: open to every authenticated caller. */
export async function readGatewayHealth(actor: Actor): Promise<GatewayHealth> {
  const { rows } = await pool().query<{ isMissing: boolean; running: number }>(
    `SELECT ${isGatewayMissing()} AS "isMissing",
      (SELECT count(*)::int FROM "DeviceGateway" g WHERE ${IS_SEEN}) AS running`,
  );
  const { isMissing = false, running = 0 } = rows[0] ?? {};
  const gateways = await findGateways();
  const seen = gateways.map(({ lastSeenAt }) => lastSeenAt).sort((a, b) => +b - +a);
  const withoutOne = isMissing ? "not_running" : "not_needed";
  const status = running > 0 ? "ok" : withoutOne;
  const shown = can(actor, "devices:read") ? gateways : [];
  return { status, running, lastSeenAt: seen[0] ?? null, gateways: shown };
}

async function findGateways(): Promise<GatewayRow[]> {
  const { rows } = await pool().query<GatewayRow>(
    `SELECT g.id, g.host, g."startedAt", ${SEEN_AT} AS "lastSeenAt", g.listeners,
        jsonb_build_object('imap', count(*) FILTER (WHERE p.protocol = 'imap'),
          'pop3', count(*) FILTER (WHERE p.protocol = 'pop3'),
          'smtp', count(*) FILTER (WHERE p.protocol = 'smtp')) AS places
      FROM "DeviceGateway" g LEFT JOIN "MailboxPlace" p ON p."gatewayId" = g.id
      WHERE g."startedAt" IS NOT NULL AND NOT postkey_is_ahead(${SEEN_AT})
      GROUP BY g.id ORDER BY g."startedAt", g.id`,
  );
  return rows;
}

/** PEM; null with a certificate of the operator's, or before a gateway started. */
export async function findDeviceAuthority(actor: Actor): Promise<string | null> {
  requirePermission(actor, "devices:read");
  if (env().deviceCertificate) return null;
  const row = await db().installation.findUnique({
    where: { id: 1 },
    select: { deviceAuthority: true },
  });
  return row?.deviceAuthority ?? null;
}
