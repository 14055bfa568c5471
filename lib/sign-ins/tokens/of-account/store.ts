import type { OwnHosts } from "@/lib/egress/schema";
import { batched } from "@/lib/kernel/batch";
import { SECOND_MS } from "@/lib/kernel/clock";
import { pool } from "@/lib/kernel/db";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { MailService } from "@/lib/mail/services/schema";
import { type Candidate, candidateAccounts, signedInName } from "@/lib/sign-ins/identities";
import {
  BOUND_COLUMNS,
  type BoundColumns,
  DUE_LIES_AHEAD,
  EXPIRY_LIES_AHEAD,
} from "../leases/store";

export type StoredToken = {
  emailAccountId: string;
  key: string;
  accountActive: boolean;
  modernAuthentication: boolean;
  username: string;
  emailAddress: string;
  mailbox: string | null;
  smtpUser: string | null;
  service: MailService;
  isAppOnly: boolean;
  hosts: OwnHosts | null;
  scopes: string[] | null;
  authorizationId: string | null;
  accessTokenSealed: string | null;
  lifeMs: number | null;
  restMs: number | null;
  fence: number | null;
  state: string | null;
  failureId: string | null;
  refreshedAt: Date | null;
  failedAt: Date | null;
  /** By the database's clock. */
  readAt: Date;
} & { [K in keyof BoundColumns]: BoundColumns[K] | null };

type TokenColumns = Pick<
  StoredToken,
  "authorizationId" | "accessTokenSealed" | "lifeMs" | "restMs" | "fence" | "state"
>;
/** With all that comes of a sign-in: its columns come from one row of an outer join, all of them or none. */
export type ModernToken = StoredToken &
  BoundColumns & { [K in keyof TokenColumns]: NonNullable<TokenColumns[K]> };

export function hasToken(stored: StoredToken): stored is ModernToken {
  return stored.cloud !== null && stored.accessTokenSealed !== null;
}

const TOKEN_OF = (
  accounts: string,
) => `SELECT e.id AS "emailAccountId", e.key, e.active AS "accountActive", e."modernAuthentication",
      e.username, e."emailAddress", e.mailbox, e."smtpUser", e.service, e.hosts, a.scopes,
      coalesce(p."grant" = 'app_only', FALSE) AS "isAppOnly", ${BOUND_COLUMNS}, a.id AS "authorizationId", t."accessTokenSealed",
      CASE WHEN ${EXPIRY_LIES_AHEAD} THEN 0 ELSE ${millisecondsUntil('t."accessTokenExpiresAt"')} END AS "lifeMs",
      CASE WHEN ${DUE_LIES_AHEAD} THEN 0 ELSE ${millisecondsUntil('t."refreshDueAt"')} END AS "restMs", t.fence, t.state, t."failureId",
      ${notAhead('t."refreshedAt"')} AS "refreshedAt", ${notAhead('t."failedAt"')} AS "failedAt", now() AS "readAt"
    FROM ${accounts} e
    LEFT JOIN "CloudProvider" p ON p.id = e."cloudProviderId"
    LEFT JOIN "Authorization" a
      ON a."cloudProviderId" = e."cloudProviderId" AND a.username = ${signedInName("e", "p")}
    LEFT JOIN "TokenSet" t ON t."authorizationId" = a.id
    WHERE e.id = ANY($1::uuid[])`;

const FIND_TOKENS = { name: "find-tokens", text: TOKEN_OF('"EmailAccount"') };

const FIND_CANDIDATE = { name: "find-candidate-token", text: TOKEN_OF(`(${candidateAccounts})`) };

export async function findCandidateToken(candidate: Candidate): Promise<StoredToken | null> {
  const { emailAccountId, cloudProviderId, username } = candidate;
  const values = [[emailAccountId], cloudProviderId, username, emailKey(username)];
  const { rows } = await pool().query<StoredToken>({ ...FIND_CANDIDATE, values });
  return rows[0] ?? null;
}

/** Null where a clock that ran ahead wrote it. now() is when the statement began: a row may be younger. */
function notAhead(column: string): string {
  return `CASE WHEN ${column} <= clock_timestamp() THEN ${column} END`;
}

function millisecondsUntil(column: string): string {
  return `(extract(epoch FROM ${column} - now()) * ${SECOND_MS})::float8`;
}

/** Everything that handing out an account's token needs, in one prepared statement. */
export function findToken(emailAccountId: string): Promise<StoredToken | null> {
  // The database writes ids in lower case, however they were asked for.
  return findTokens(emailAccountId.toLowerCase());
}

const findTokens = batched(async (emailAccountIds) => {
  const query = { ...FIND_TOKENS, values: [emailAccountIds] };
  const { rows } = await pool().query<StoredToken>(query);
  return new Map(rows.map((row) => [row.emailAccountId, row]));
});
