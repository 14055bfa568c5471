import "server-only";
import { gathered } from "@/lib/kernel/batch";
import { SECOND_MS } from "@/lib/kernel/clock";
import { pool } from "@/lib/kernel/db";
import type { Transaction } from "@/lib/kernel/transaction";
import type { TokenSet } from "@/lib/oauth/service";
import type { Claim } from "../leases/store";
import { lifeMs, restMs } from "../schedule";
import { type BoundRow, SETTLED_COLUMNS, sealTokens } from "../store";

type Renewed = { credentialVersion: number; tokens: TokenSet };

/**
 * Compare-and-set: only the holder of the fence saves, and only while the secret that it used is
 * still the one in use.
 * @returns whether it was saved; when not, another process owns the row and ours is dropped
 */
export async function saveRefreshed(
  tx: Transaction,
  claim: BoundRow & Pick<Claim, "fence">,
  renewed: Renewed,
): Promise<boolean> {
  const values = saveValues([toSave(claim, renewed)]);
  const saved = await tx.$queryRawUnsafe<object[]>(SAVE, ...values);
  return saved.length === 1;
}

/** The same by itself, without a transaction around it, and with others in one statement. */
export async function saveRefreshedAlone(claim: Claim, renewed: Renewed): Promise<boolean> {
  // Sealed before it joins the others: what is refused there is no failure of theirs.
  return saveTogether(toSave(claim, renewed));
}

type Save = ReturnType<typeof toSave>;

function toSave(claim: BoundRow & Pick<Claim, "fence">, { credentialVersion, tokens }: Renewed) {
  const { authorizationId, fence } = claim;
  return { authorizationId, fence, credentialVersion, tokens, ...sealTokens(claim, tokens) };
}

const saveTogether = gathered<Save, boolean>(async (saves) => {
  const query = { name: "save-refreshed", text: SAVE, values: saveValues(saves) };
  const { rows } = await pool().query<{ authorizationId: string }>(query);
  const saved = new Set(rows.map((row) => row.authorizationId));
  return saves.map(({ authorizationId }) => saved.has(authorizationId));
});

/** The permissions of the new token are noted where they are others; a row that is held is passed over. */
const SAVE = `WITH saved AS (UPDATE "TokenSet" t SET
    "accessTokenSealed" = s.access, "cacheSealed" = s.cache,
    "accessTokenExpiresAt" = now() + make_interval(secs => s.life),
    "refreshDueAt" = now() + make_interval(secs => s.rest), ${SETTLED_COLUMNS}, fence = t.fence + 1
  FROM unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::text[], $6::float8[], $7::float8[], $8::text[])
    AS s(id, fence, version, access, cache, life, rest, scopes)
  JOIN "Authorization" a ON a.id = s.id
  JOIN "ClientCredential" c ON c."cloudProviderId" = a."cloudProviderId"
  WHERE t."authorizationId" = s.id AND t.fence = s.fence
    AND c.version = s.version AND c."supersededAt" IS NULL
  RETURNING t."authorizationId", string_to_array(s.scopes, ' ') AS scopes
  ), changed AS (
    SELECT a.id, s.scopes FROM "Authorization" a JOIN saved s ON s."authorizationId" = a.id
    WHERE a.scopes <> s.scopes FOR NO KEY UPDATE OF a SKIP LOCKED
  ), noted AS (
    UPDATE "Authorization" a SET scopes = changed.scopes FROM changed WHERE a.id = changed.id
  )
  SELECT "authorizationId" FROM saved`;

/** The parameters of SAVE: a column each. */
function saveValues(saves: Save[]): unknown[][] {
  const rows = saves.map(({ tokens, ...save }) => {
    const secrets = [save.accessTokenSealed, save.cacheSealed];
    const times = [lifeMs(tokens) / SECOND_MS, restMs(tokens) / SECOND_MS];
    const scopes = tokens.scopes.join(" ");
    const { authorizationId, fence, credentialVersion } = save;
    return [authorizationId, fence, credentialVersion, ...secrets, ...times, scopes];
  });
  return Array.from({ length: 8 }, (_, column) => rows.map((row) => row[column]));
}
