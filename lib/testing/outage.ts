import { randomUUID } from "node:crypto";
import { db } from "@/lib/kernel/db";
import type { Transaction } from "@/lib/kernel/transaction";

type Seed = { accounts?: number; name?: string; cloud?: string; secretExpiresAt?: Date };

const YEAR_MS = 31_536_000_000;
/** A statement has ten seconds, and a busy machine needs several times as long as an idle one. */
const PER_STATEMENT = 2_500;

/** A provider with signed-in accounts, written straight to the tables: thousands in a second. */
export async function seedProvider(seed: Seed = {}): Promise<string> {
  const { accounts = 1, name = "Contoso", cloud = "global" } = seed;
  const { secretExpiresAt = new Date(Date.now() + YEAR_MS) } = seed;
  const id = randomUUID();
  await db().cloudProvider.create({
    data: {
      id,
      name,
      nameKey: `${name.toLowerCase()} ${id}`,
      cloud,
      clientId: randomUUID(),
      tenantId: randomUUID(),
      redirectUri: "http://localhost:3000",
      credentials: {
        create: { hint: "abc", expiresAt: secretExpiresAt, version: 1, createdByName: "Ada" },
      },
    },
  });
  await together(async (tx) => {
    for (let first = 1; first <= accounts; first += PER_STATEMENT)
      await seedAccounts(tx, id, { first, last: Math.min(first + PER_STATEMENT - 1, accounts) });
  });
  return id;
}

/** In one transaction: the summary of a provider is written at the end of each. */
function together(work: (tx: Transaction) => Promise<void>): Promise<void> {
  return db().$transaction(work, { timeout: 60_000 });
}

/** Each with its sign-in, and with its number in every name. */
async function seedAccounts(
  tx: Transaction,
  cloudProviderId: string,
  { first, last }: { first: number; last: number },
): Promise<void> {
  await tx.$executeRaw`
    WITH made AS (
      INSERT INTO "Authorization" (id, "cloudProviderId", username, "displayName", "objectId",
        "tenantId", "homeAccountId", "signedInByName")
      SELECT gen_random_uuid(), ${cloudProviderId}::uuid, 'm' || n || '@contoso.test', 'M', n, 't', n, 'Ada'
      FROM generate_series(${first}::int, ${last}::int) n RETURNING id
    )
    INSERT INTO "TokenSet" ("authorizationId", "accessTokenSealed", "accessTokenExpiresAt",
      "cacheSealed", "refreshDueAt")
    SELECT id, 'x', now() + interval '1 hour', 'x', now() + interval '1 hour' FROM made`;
  await tx.$executeRaw`
    INSERT INTO "EmailAccount" (id, name, "nameKey", key, "keyKey", "emailAddress", "emailKey",
      service, "modernAuthentication", username, "usernameKey", "cloudProviderId", "testSchedule")
    SELECT gen_random_uuid(), 'Mailbox ' || n, 'mailbox ' || lpad(n::text, 6, '0'), 'K' || n,
      gen_random_uuid()::text, 'm' || n || '@contoso.test', 'm' || n || '@contoso.test',
      'outlook365', TRUE, 'm' || n || '@contoso.test', 'm' || n || '@contoso.test', ${cloudProviderId}::uuid, 'daily'
    FROM generate_series(${first}::int, ${last}::int) n`;
}

type Failure = { state: string; failureId: string };

/** Lets every sign-in of a provider stand as it would after such a failure; null = all is well. */
export async function setTokens(cloudProviderId: string, failure: Failure | null): Promise<void> {
  const rows = await db().authorization.findMany({
    where: { cloudProviderId },
    select: { id: true },
  });
  await together(async (tx) => {
    for (let first = 0; first < rows.length; first += PER_STATEMENT) {
      const ids = rows.slice(first, first + PER_STATEMENT).map(({ id }) => id);
      await tx.tokenSet.updateMany({
        where: { authorizationId: { in: ids } },
        data: failure ?? { state: "connected", failureId: null },
      });
    }
  });
}

/** Lets the last test of accounts of a provider have ended so; null = it passed. */
export async function setTests(cloudProviderId: string, failureId: string | null): Promise<void> {
  const now = new Date();
  await db().emailAccount.updateMany({
    where: { cloudProviderId },
    data: { testFailureId: failureId, testFailingSince: failureId && now, lastTestedAt: now },
  });
}
