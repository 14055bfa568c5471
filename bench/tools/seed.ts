import { randomUUID } from "node:crypto";
import type { InstallationSettings } from "@/e2e/installation";
import { fromNow, HOUR_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { saveSignedIn } from "@/lib/sign-ins/tokens/store";
import { administrator } from "@/lib/testing/actors";
import { createApiKey, createDevice } from "@/lib/testing/made";
import { seedAuthorizations } from "@/lib/testing/seed-authorizations";
import { connectedAccount } from "@/lib/testing/sign-in";
import { openedCache } from "@/lib/testing/tokens";
import { CLOUD } from "../bench";
import { serveOrders } from "../tool";
import type { Mailbox } from "./mail-floor";

// A process of its own, under the conditions and with the key of the product: tokens are stored sealed.

export type SeedOrder =
  | { kind: "mailboxes"; mailboxes: Mailbox[] }
  | { kind: "devices"; accounts: string[] }
  | { kind: "sign-ins"; sandbox: InstallationSettings; working: number; idle: number };

/** The accounts' ids in the order of the mailboxes. */
export type Seeded = { apiKey: string; accounts: string[] };
/** One of each account, in their order. */
export type SeededDevices = { id: string; password: string }[];

const actor = administrator("Benchmark");

serveOrders((order: SeedOrder): Promise<unknown> => {
  switch (order.kind) {
    case "mailboxes":
      return seedMailboxes(order.mailboxes);
    case "devices":
      return seedDevices(order.accounts);
    case "sign-ins":
      return seedSignIns(order);
    default:
      throw new Error(`Unhandled order ${order satisfies never}`);
  }
});

async function seedMailboxes(mailboxes: Mailbox[]): Promise<Seeded> {
  const ids = { clientId: randomUUID(), tenantId: randomUUID() };
  const provider = { name: CLOUD, nameKey: CLOUD, cloud: CLOUD, redirectUri: "http://localhost/" };
  const { id } = await db().cloudProvider.create({ data: { ...provider, ...ids } });
  const accounts: string[] = [];
  for (const [index, mailbox] of mailboxes.entries())
    accounts.push(await seedMailbox(id, mailbox, `${index}`));
  const permissions = ["accounts:read", "accounts:test", "tokens:read"] as const;
  const { key } = await createApiKey(actor, { name: "Benchmark", permissions: [...permissions] });
  return { apiKey: key, accounts };
}

async function seedMailbox(cloudProviderId: string, { user, accessToken }: Mailbox, key: string) {
  const [id, username, name] = [randomUUID(), user, user];
  const who = { objectId: id, tenantId: id, homeAccountId: id, displayName: user };
  const grant = { id, cloudProviderId, username, scopes: [], signedInByName: "Benchmark" };
  const tokens = { accessToken, expiresAt: fromNow(HOUR_MS), scopes: [], idToken: "", cache: "{}" };
  await db().$transaction(async (tx) => {
    await tx.authorization.create({ data: { ...grant, ...who } });
    await saveSignedIn(tx, id, tokens);
  });
  const keys = { nameKey: user, key, keyKey: key, emailKey: user, usernameKey: user };
  const service = { service: "outlook365", modernAuthentication: true, cloudProviderId };
  const data = { ...keys, ...service, name, username, emailAddress: user };
  return (await db().emailAccount.create({ data, select: { id: true } })).id;
}

async function seedDevices(accounts: string[]): Promise<SeededDevices> {
  const devices: SeededDevices = [];
  for (const emailAccountId of accounts)
    devices.push(
      await createDevice(actor, { name: emailAccountId, emailAccountId, protocols: ["imap"] }),
    );
  return devices;
}

/** One person really signs in; the other sign-ins are copies with refresh tokens of their own. */
async function seedSignIns({ sandbox, working, idle }: Extract<SeedOrder, { kind: "sign-ins" }>) {
  const { cloudProviderId } = await connectedAccount(actor, sandbox);
  const cache = await openedCache(cloudProviderId);
  const { homeAccountId } = await db().authorization.findFirstOrThrow();
  const common = { perProvider: 10, dueInMs: HOUR_MS, homeAccountId };
  await seedAuthorizations(sandbox, { ...common, cache, count: working });
  const empty = JSON.stringify({ RefreshToken: {} });
  await seedAuthorizations(sandbox, { ...common, cache: empty, count: idle, isIdle: true });
}
