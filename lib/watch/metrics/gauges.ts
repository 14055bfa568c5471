import { IS_FOLLOWED } from "@/lib/contacts/capture/leases/store";
import { IS_SEEN } from "@/lib/devices/gateways/queries";
import { LIVES } from "@/lib/devices/places/store";
import type { AccountState } from "@/lib/email-accounts/schema";
import { SECOND_MS } from "@/lib/kernel/clock";
import { DEAD_AFTER_MS, IS_ALIVE } from "@/lib/kernel/heartbeat";
import { words } from "@/lib/kernel/words";
import { PAUSE_HOLDS } from "@/lib/registrations/pauses/store";

export type Gauge = { help: string; label?: string; sql: string };

/** A person must act before an inbox can be read. */
const NOT_SIGNED_IN = words(
  "no_provider not_signed_in sign_in_again fix_registration locked",
) satisfies readonly AccountState[];

/** SQL: seconds since the longest-waiting inbox was read to its end; null if none waits. */
export const CAPTURE_LAG = `SELECT extract(epoch FROM now() - min(coalesce(s."readAt", e."updatedAt")))::float8
  FROM "EmailAccount" e LEFT JOIN "CaptureState" s ON s."emailAccountId" = e.id
  WHERE e.active AND e."contactListId" IS NOT NULL
    AND e.state <> ALL('{${NOT_SIGNED_IN.join(",")}}')
    AND (NOT ${IS_FOLLOWED} OR s."failureId" IS NOT NULL)`;

export const GAUGES: Readonly<Record<string, Gauge>> = {
  postkey_tokens: {
    help: "Sign-ins by state.",
    label: "state",
    sql: `SELECT token_state(state, "accessTokenExpiresAt") AS label, count(*)::float8 AS value
      FROM "TokenSet" GROUP BY 1`,
  },
  postkey_email_accounts: {
    help: "Email accounts, switched on or not.",
    label: "active",
    sql: `SELECT active::text AS label, count(*)::float8 AS value FROM "EmailAccount" GROUP BY 1`,
  },
  postkey_token_expiry_seconds: {
    help: "Seconds until the next access token runs out.",
    sql: `SELECT NULL AS label, extract(epoch FROM min("accessTokenExpiresAt") - now())::float8 AS value FROM "TokenSet"`,
  },
  postkey_credential_expiry_seconds: {
    help: "Seconds until the next client secret or certificate runs out.",
    sql: `SELECT NULL AS label, extract(epoch FROM min("expiresAt") - now())::float8 AS value
      FROM "ClientCredential" WHERE "supersededAt" IS NULL`,
  },
  postkey_incidents_open: {
    help: "Open incidents by kind.",
    label: "kind",
    sql: `SELECT kind AS label, count(*)::float8 AS value FROM "Incident" WHERE "resolvedAt" IS NULL GROUP BY 1`,
  },
  postkey_platform_pauses: {
    help: "Waits that an identity platform asked for (Retry-After), by authority.",
    label: "authority",
    sql: `SELECT authority AS label, count(*)::float8 AS value FROM "PlatformPause" z WHERE ${PAUSE_HOLDS} GROUP BY 1`,
  },
  postkey_platform_pause_seconds: {
    help: "Seconds until the identity platform that is left alone longest is asked again.",
    sql: `SELECT NULL AS label, extract(epoch FROM max(until) - now())::float8 AS value FROM "PlatformPause" z WHERE ${PAUSE_HOLDS}`,
  },
  postkey_capture_inboxes: {
    help: "Inboxes whose senders are saved, by how that goes.",
    label: "state",
    sql: `SELECT CASE WHEN s."failureId" IS NOT NULL THEN 'failing' WHEN ${IS_FOLLOWED} THEN 'followed' ELSE 'waiting' END AS label,
        count(*)::float8 AS value
      FROM "EmailAccount" e LEFT JOIN "CaptureState" s ON s."emailAccountId" = e.id
      WHERE e.active AND e."contactListId" IS NOT NULL GROUP BY 1`,
  },
  postkey_capture_lag_seconds: {
    help: "Seconds since the inbox that waits longest was known to be read to its end, of those that are signed in.",
    sql: `SELECT NULL AS label, (${CAPTURE_LAG}) AS value`,
  },
  postkey_contacts: {
    help: "Contacts in the Contacts Manager.",
    sql: `SELECT NULL AS label, count(*)::float8 AS value FROM "Contact"`,
  },
  postkey_device_sessions: {
    help: "Connections that gateways have to the servers of accounts for devices, by protocol.",
    label: "protocol",
    sql: `SELECT protocol AS label, count(*)::float8 AS value FROM "MailboxPlace" p WHERE ${LIVES}
        AND EXISTS (SELECT FROM "DeviceGateway" g WHERE g.id = p."gatewayId" AND g."startedAt" IS NOT NULL) GROUP BY 1`,
  },
  postkey_gateways: {
    help: "Gateways that serve devices and were seen in the last minute.",
    sql: `SELECT NULL AS label, count(*)::float8 AS value FROM "DeviceGateway" g WHERE ${IS_SEEN}`,
  },
  postkey_keepers: {
    help: `Keepers that gave a sign of life in the last ${DEAD_AFTER_MS / SECOND_MS} seconds.`,
    sql: `SELECT NULL AS label, count(*)::float8 AS value FROM "KeeperHeartbeat" WHERE ${IS_ALIVE}`,
  },
};
