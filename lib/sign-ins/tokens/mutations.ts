import { gathered } from "@/lib/kernel/batch";
import { SECOND_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { publish } from "@/lib/kernel/events/mutations";
import type { Transaction } from "@/lib/kernel/transaction";
import type { TokenSet } from "@/lib/oauth/service";
import {
  markRefused,
  pauseProvider,
  retryAfterRegistrationFixed,
} from "@/lib/registrations/held-sign-ins/store";
import { endPause, orderPause, type PauseSubject } from "@/lib/registrations/pauses/store";
import type { Claim } from "./leases/store";
import {
  type BoundRow,
  type Failure,
  lifeMs,
  restMs,
  SETTLED_COLUMNS,
  saveFailure,
  sealTokens,
} from "./store";

class Superseded extends Error {}

/**
 * After a failure this is news: open pages are told, and a registration that had failed works again for all.
 * @returns whether the row was still ours; when not, these tokens are dropped
 */
export async function recordRenewal(claim: Claim, credentialVersion: number, tokens: TokenSet) {
  const renewed = { credentialVersion, tokens };
  if (claim.isAfterPause) await endPause(subjectOf(claim), { sentAt: claim.claimedAt });
  if (claim.state === "connected") return saveRefreshedAlone(claim, renewed);
  const { cloudProviderId } = claim;
  return inTransaction(async (tx) => {
    // The provider's row first, as everywhere: another order would deadlock.
    const { count } = await tx.cloudProvider.updateMany({
      where: { id: cloudProviderId, failureId: { not: null } },
      data: { failureId: null, failedAt: null },
    });
    if (!(await saveRefreshed(tx, claim, renewed))) throw new Superseded();
    if (count > 0) await retryAfterRegistrationFixed(tx, cloudProviderId);
    await publish(tx, { type: "cloud_provider", id: cloudProviderId });
  });
}

type FailedRefresh = {
  /** Of the secret that was used; undefined when there was none to use. */
  credentialVersion: number | undefined;
  failure: Failure;
  /** The platform named the time to wait, for all that it counts together, or answered without that. */
  pause?: "ordered" | "ended" | undefined;
};

/**
 * A failure of the registration is the provider's, unless its secret was replaced during the request. What a holder
 * that was paused has to tell is old, and is dropped.
 */
export async function recordFailure(claim: Claim, failed: FailedRefresh): Promise<void> {
  const { cloudProviderId } = claim;
  const { failure } = failed;
  await inTransaction(async (tx) => {
    const isOfOldSecret =
      failure.state === "fix_registration" &&
      !(await markRefused(tx, {
        cloudProviderId,
        credentialVersion: failed.credentialVersion ?? 0,
        failureId: failure.failureId,
      }));
    // The pause before the tokens, as everywhere: another order would deadlock.
    const waitMs = await heedPause(tx, claim, failed);
    if (isOfOldSecret) {
      await saveFailure(tx, claim, { ...failure, state: "retrying", waitMs: 0 });
      return;
    }
    const saved = await saveFailure(tx, claim, { ...failure, waitMs });
    if (saved === "lost") throw new Superseded();
    if (failure.state === "fix_registration")
      await pauseProvider(tx, cloudProviderId, failure.failureId);
    if (saved === "news") await publish(tx, { type: "cloud_provider", id: cloudProviderId });
  });
}

/** What the platform counts a renewal by: the tenant is that of the person who signed in. */
function subjectOf({ authority, identityTenantId, clientId }: Claim): PauseSubject {
  return { authority, tenantId: identityTenantId, clientId };
}

/** @returns how long this one waits, in milliseconds: under a pause as long as all others of its subject */
async function heedPause(tx: Transaction, claim: Claim, failed: FailedRefresh): Promise<number> {
  const { pause, failure } = failed;
  const { claimedAt: sentAt } = claim;
  const subject = subjectOf(claim);
  if (pause === "ended" && claim.isAfterPause) await endPause(subject, { tx, sentAt });
  if (pause !== "ordered") return failure.waitMs;
  const { waitMs, failureId: reason } = failure;
  return orderPause(tx, { subject, sentAt, waitMs, reason });
}

/** @returns whether it was committed; false when the row is another process's by now */
async function inTransaction(work: (tx: Transaction) => Promise<void>): Promise<boolean> {
  try {
    await db().$transaction(work);
    return true;
  } catch (error) {
    if (error instanceof Superseded) return false;
    throw error;
  }
}

type Renewed = { credentialVersion: number; tokens: TokenSet };

/** Compare-and-set: only the holder of the fence saves, and only while the secret that it used is in use. */
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
