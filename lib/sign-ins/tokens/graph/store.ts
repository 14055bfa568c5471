import { type SealPlace, seal, unseal } from "@/lib/kernel/crypto";
import { pool } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { GIVE_BACK } from "@/lib/kernel/leases";
import type { TokenSet } from "@/lib/oauth/service";
import type { Claim } from "../leases/store";
import { type BoundRow, boundTo, type Failure, lifeMs, sealTokens } from "../store";

export type StoredGraphToken = {
  accessTokenSealed: string | null;
  lifeMs: number;
  scopes: string[];
  failureId: string | null;
  failureState: string | null;
  restMs: number;
};

const MS_UNTIL = (column: string) =>
  `coalesce(extract(epoch FROM ${column} - now()) * 1000, 0)::float8`;

const FIND = {
  name: "find-graph-token",
  text: `SELECT "accessTokenSealed", ${MS_UNTIL('"accessTokenExpiresAt"')} AS "lifeMs", scopes,
      "failureId", "failureState", ${MS_UNTIL('"restsUntil"')} AS "restMs"
    FROM "GraphToken" WHERE "authorizationId" = $1`,
};

export async function findGraphToken(authorizationId: string): Promise<StoredGraphToken | null> {
  const { rows } = await pool().query<StoredGraphToken>({ ...FIND, values: [authorizationId] });
  return rows[0] ?? null;
}

/** @throws SealError */
export function openGraphToken(row: BoundRow, sealed: string): string {
  return unseal(env().keyring, place(row), sealed);
}

function place(row: BoundRow): SealPlace {
  const column = "accessTokenSealed";
  return { table: "GraphToken", id: row.authorizationId, column, destination: boundTo(row) };
}

/** The answer's new refresh token stays with the sign-in; its token for the mail servers stays as it is. */
const SAVE = `WITH saved AS (UPDATE "TokenSet" t SET "cacheSealed" = $4, ${GIVE_BACK}, fence = t.fence + 1
    FROM "Authorization" a JOIN "ClientCredential" c ON c."cloudProviderId" = a."cloudProviderId"
    WHERE a.id = t."authorizationId" AND t."authorizationId" = $1 AND t.fence = $2
      AND c.version = $3 AND c."supersededAt" IS NULL
    RETURNING t."authorizationId")
  INSERT INTO "GraphToken" ("authorizationId", "accessTokenSealed", "accessTokenExpiresAt", scopes)
    SELECT "authorizationId", $5, now() + make_interval(secs => $6::float8 / 1000), $7 FROM saved
  ON CONFLICT ("authorizationId") DO UPDATE SET "accessTokenSealed" = excluded."accessTokenSealed",
    "accessTokenExpiresAt" = excluded."accessTokenExpiresAt", scopes = excluded.scopes,
    "failureId" = NULL, "failureState" = NULL, "restsUntil" = NULL`;

/** Compare-and-set, as for the mail servers' tokens. @returns whether the row was still ours */
export async function saveGraphToken(
  claim: Claim,
  { credentialVersion, tokens }: { credentialVersion: number; tokens: TokenSet },
): Promise<boolean> {
  const { authorizationId, fence } = claim;
  const { cacheSealed } = sealTokens(claim, tokens);
  const sealed = seal(env().keyring, place(claim), tokens.accessToken);
  const held = [authorizationId, fence, credentialVersion, cacheSealed];
  const { rowCount } = await pool().query(SAVE, [...held, sealed, lifeMs(tokens), tokens.scopes]);
  return rowCount === 1;
}

/** Its server refuses this one. One that was renewed meanwhile stays. */
export async function expireGraphToken(authorizationId: string, sealed: string): Promise<void> {
  await pool().query(
    `UPDATE "GraphToken" SET "accessTokenExpiresAt" = now()
      WHERE "authorizationId" = $1 AND "accessTokenSealed" = $2`,
    [authorizationId, sealed],
  );
}

/** Beside a token that may still be valid. The sign-in's own state stays as it is. */
export async function saveGraphFailure(
  { authorizationId, fence }: Claim,
  { failureId, state, waitMs }: Failure,
): Promise<void> {
  await pool().query(
    `WITH released AS (UPDATE "TokenSet" SET ${GIVE_BACK}, fence = fence + 1 WHERE "authorizationId" = $1 AND fence = $2
      RETURNING "authorizationId")
    INSERT INTO "GraphToken" ("authorizationId", "failureId", "failureState", "restsUntil")
      SELECT "authorizationId", $3, $4, now() + make_interval(secs => $5::float8 / 1000) FROM released
    ON CONFLICT ("authorizationId") DO UPDATE SET "failureId" = excluded."failureId",
      "failureState" = excluded."failureState", "restsUntil" = excluded."restsUntil"`,
    [authorizationId, fence, failureId, state, waitMs],
  );
}
