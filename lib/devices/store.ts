import type { Protocol } from "@/lib/egress/protocols/schema";
import { batched, gathered } from "@/lib/kernel/batch";
import { pool } from "@/lib/kernel/db";
import { goesOn } from "@/lib/kernel/ends";
import type { MailService } from "@/lib/mail/services/schema";
import { isValid } from "@/lib/people/validity";
import { mailboxId } from "@/lib/sign-ins/identities";

export type FoundDevice = {
  id: string;
  name: string;
  nameKey: string;
  passwordHash: string;
  passwordVersion: number;
  protocols: Protocol[];
  senders: string[];
  networks: string[];
  messagesPerMinute: number | null;
  rewriteFrom: boolean;
  isExpired: boolean;
  isPaused: boolean;
  isRevoked: boolean;
  emailAccountId: string;
  /** The account under which its mailbox is counted, which others may open as well. */
  mailboxId: string;
  accountActive: boolean;
  service: MailService;
  modernAuthentication: boolean;
  /** Instead of SMTP. */
  sendsByGraph: boolean;
  emailAddress: string;
  emailKey: string;
  usernameKey: string;
  mailbox: string | null;
  /** Changes when the account signs in in another way or elsewhere, such as after a move. */
  signsInAs: string;
  /** Milliseconds: when the account was edited last, or a test found that it works. */
  repairedAt: number;
  /** Changes when it may do more or less, or for another account. */
  limits: string;
};

const EXPIRED = `NOT ${goesOn(`d."expiresAt"`)}`;

const SIGNS_IN_AS = `concat_ws('|', e.service, e."modernAuthentication", e."sendsBy", e."cloudProviderId", e."usernameKey",
  e."emailKey", e.mailbox, e.hosts::text, ${mailboxId("e")})`;

const REPAIRED_AT = `(extract(epoch FROM greatest(e."updatedAt",
  CASE WHEN e."testFailureId" IS NULL THEN e."lastTestedAt" END)) * 1000)::float8`;

const LIMITS = `concat_ws('|', d."emailAccountId", d.senders::text, d.networks::text, d."messagesPerMinute",
  d."rewriteFrom")`;

/** In a mailbox with links that open Postkey a device reads nothing: who reads them first is in. */
const PROTOCOLS = `CASE WHEN holds_links(e) THEN array_remove(array_remove(d.protocols, 'imap'), 'pop3')
  ELSE d.protocols END AS protocols`;

const FIND = {
  name: "find-device",
  text: `SELECT d.prefix, d.id, d.name, d."nameKey", d."passwordHash", d."passwordVersion", ${PROTOCOLS}, d.senders,
      d.networks, d."messagesPerMinute", d."rewriteFrom", ${LIMITS} AS limits, ${EXPIRED} AS "isExpired", d.paused AS "isPaused",
      d."revokedAt" IS NOT NULL AS "isRevoked", d."emailAccountId", e.active AS "accountActive", e.service,
      e."modernAuthentication", e."sendsBy" = 'graph' AS "sendsByGraph", ${mailboxId("e")} AS "mailboxId", e."emailAddress", e."emailKey", e."usernameKey", e.mailbox, ${SIGNS_IN_AS} AS "signsInAs",
      ${REPAIRED_AT} AS "repairedAt"
    FROM "Device" d JOIN "EmailAccount" e ON e.id = d."emailAccountId" WHERE d.prefix = ANY($1)`,
};

/** By what its password begins with: one look into an index, with every login. */
export const findDeviceByPrefix: (prefix: string) => Promise<FoundDevice | null> = batched(
  async (prefixes) => {
    const query = { ...FIND, values: [prefixes] };
    const { rows } = await pool().query<FoundDevice & { prefix: string }>(query);
    return new Map(rows.map(({ prefix, ...device }) => [prefix, device]));
  },
);

/** Two looks into an index each: an attacker asks this as often as he likes. */
const FIND_BY_USER = {
  name: "find-device-by-user",
  // Ends: Whether there is more than one.
  text: `SELECT d.id, d.name FROM "Device" d WHERE d."nameKey" = $1 AND d."revokedAt" IS NULL
    UNION SELECT d.id, d.name FROM "EmailAccount" e JOIN "Device" d ON d."emailAccountId" = e.id
      WHERE e."emailKey" = $1 AND d."revokedAt" IS NULL
    LIMIT 2`,
};

/** With a wrong password: the only device of this name or address; null for several. */
export async function findDeviceByUser(user: string): Promise<{ id: string; name: string } | null> {
  const query = { ...FIND_BY_USER, values: [user] };
  const { rows } = await pool().query<{ id: string; name: string }>(query);
  return rows.length === 1 ? (rows[0] ?? null) : null;
}

export type Standing = Pick<
  FoundDevice,
  "id" | "passwordVersion" | "protocols" | "signsInAs" | "limits"
>;

export async function findStanding(ids: readonly string[]): Promise<Map<string, Standing>> {
  const { rows } = await pool().query<Standing>(
    `SELECT d.id, d."passwordVersion", ${PROTOCOLS}, ${SIGNS_IN_AS} AS "signsInAs",
        ${LIMITS} AS limits
      FROM "Device" d JOIN "EmailAccount" e ON e.id = d."emailAccountId"
      WHERE d.id = ANY($1::uuid[]) AND ${isValid("d")} AND NOT d.paused AND e.active`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

type Traffic = { id: string; messages: number; bytes: number };

/** In the order of the ids, so that two gateways do not wait for each other. */
const ADD = {
  name: "add-traffic",
  text: `WITH done AS (
      SELECT id, sum(messages)::bigint AS messages, sum(bytes)::bigint AS bytes
      FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS t(id, messages, bytes) GROUP BY id
    ), locked AS (
      SELECT d.id FROM "Device" d JOIN done USING (id) ORDER BY d.id FOR NO KEY UPDATE OF d
    )
    UPDATE "Device" d SET messages = d.messages + done.messages, bytes = d.bytes + done.bytes
      FROM done JOIN locked USING (id) WHERE d.id = done.id`,
};

/** Every ten seconds and at the end; thousands that end at once are one statement. */
export const addTraffic: (traffic: Traffic) => Promise<true> = gathered(async (traffic) => {
  const columns = [
    traffic.map(({ id }) => id),
    traffic.map(({ messages }) => messages),
    traffic.map(({ bytes }) => bytes),
  ];
  await pool().query({ ...ADD, values: columns });
  return traffic.map(() => true as const);
});
