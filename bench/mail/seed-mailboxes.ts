import { randomUUID } from "node:crypto";
import { text } from "node:stream/consumers";
import { db, pool } from "@/lib/kernel/db";
import { saveSignedIn } from "@/lib/sign-ins/tokens/store";
import { administrator } from "@/lib/testing/actors";
import { createApiKey } from "@/lib/testing/made";
import type { Mailbox } from "./floor-checks";

// A process of its own, under the conditions and with the key of the product, because tokens are
// stored sealed. Reads its order from standard input and writes its result to standard output.

export type SeedOrder = { mailboxes: Mailbox[]; clouds: string[]; expiresAt: string };
/** The accounts' ids in the order of the mailboxes, by cloud. */
export type SeedResult = { apiKey: string; accounts: Record<string, string[]> };

const { mailboxes, clouds, expiresAt } = JSON.parse(await text(process.stdin)) as SeedOrder;
const accounts: SeedResult["accounts"] = {};
for (const cloud of clouds) accounts[cloud] = await seedCloud(cloud);
const { key } = await createApiKey(administrator("Benchmark"), {
  name: "Benchmark",
  permissions: ["accounts:read", "accounts:test", "tokens:read"],
});
process.stdout.write(JSON.stringify({ apiKey: key, accounts } satisfies SeedResult));
await db().$disconnect();
await pool().end();

async function seedCloud(cloud: string): Promise<string[]> {
  const provider = await db().cloudProvider.create({
    data: {
      name: cloud,
      nameKey: cloud,
      cloud,
      clientId: randomUUID(),
      tenantId: randomUUID(),
      redirectUri: "http://localhost/",
    },
    select: { id: true },
  });
  const ids: string[] = [];
  for (const [index, mailbox] of mailboxes.entries())
    ids.push(await seedMailbox(provider.id, mailbox, `${clouds.indexOf(cloud)}-${index}`));
  return ids;
}

async function seedMailbox(cloudProviderId: string, mailbox: Mailbox, key: string) {
  const { user, accessToken } = mailbox;
  const authorizationId = randomUUID();
  await db().$transaction(async (tx) => {
    await tx.authorization.create({
      data: {
        id: authorizationId,
        cloudProviderId,
        username: user,
        displayName: user,
        objectId: randomUUID(),
        tenantId: randomUUID(),
        homeAccountId: randomUUID(),
        scopes: [],
        signedInByName: "Benchmark",
      },
    });
    const tokens = {
      accessToken,
      expiresAt: new Date(expiresAt),
      scopes: [],
      idToken: "",
      cache: "{}",
    };
    await saveSignedIn(tx, authorizationId, tokens);
  });
  const account = await db().emailAccount.create({
    data: {
      name: user,
      nameKey: user,
      key,
      keyKey: key,
      emailAddress: user,
      emailKey: user,
      service: "outlook365",
      modernAuthentication: true,
      username: user,
      usernameKey: user,
      cloudProviderId,
    },
    select: { id: true },
  });
  return account.id;
}
