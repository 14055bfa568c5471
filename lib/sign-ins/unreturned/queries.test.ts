import { beforeAll, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount, signIn } from "@/lib/testing/sign-in";
import { beginAuthorization } from "../begin";
import { findUnreturned } from "./queries";

/** A sign-in that a browser left for, and that did not come back. */
const sandbox = withInstallation();
const ada = administrator();
let account: { cloudProviderId: string; emailAccountId: string };

beforeAll(async () => {
  account = await connectedAccount(ada, sandbox());
  await cameBackLongAgo();
});

const cameBackLongAgo = () =>
  db().$executeRaw`UPDATE "AuthorizationRequest" SET "consumedAt" = now() - interval '2 hours'
    WHERE "consumedAt" IS NOT NULL`;

const begin = () =>
  beginAuthorization(ada, { subject: "email_account", emailAccountId: account.emailAccountId });
const ofProvider = (actor = ada) =>
  findUnreturned(actor, { cloudProviderId: account.cloudProviderId });
const earlier = (minutes: number) =>
  db()
    .$executeRaw`UPDATE "AuthorizationRequest" SET "createdAt" = now() - make_interval(mins => ${minutes}::int)
    WHERE "consumedAt" IS NULL`;

test("is told to whom left for it, at its account and its provider, with how long ago", async () => {
  expect(await ofProvider()).toBeNull();
  await begin();
  await earlier(3);
  const found = await ofProvider();
  expect(found?.ageMs).toBeGreaterThanOrEqual(3 * 60_000);
  expect(found?.ageMs).toBeLessThan(4 * 60_000);
  expect(await findUnreturned(ada, account)).toMatchObject({ id: found?.id });
  expect(await ofProvider(administrator("Bob"))).toBeNull();
  const other = { ...account, emailAccountId: "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a11" };
  expect(await findUnreturned(ada, other)).toBeNull();
});

test("is told no longer once one comes back, nor after an hour", async () => {
  expect(await ofProvider()).not.toBeNull();
  await signIn(ada, { subject: "another", cloudProviderId: account.cloudProviderId });
  expect(await ofProvider()).toBeNull();
  await cameBackLongAgo();
  expect(await ofProvider()).not.toBeNull();
  await earlier(61);
  expect(await ofProvider()).toBeNull();
});
