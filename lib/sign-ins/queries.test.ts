import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { deleteEmailAccount } from "@/lib/email-accounts/mutations";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, arrive, BOB, freshAccount, signIn, walk, withAccount } from "@/lib/testing/sign-in";
import { beginAuthorization } from "./begin";
import { findOutcome } from "./queries";
import { findSignIn, findUnreturned, searchSignedIn } from "./signed-in/queries";

const sandbox = withInstallation();
const ada = administrator();
const own = withAccount(ada, sandbox);

test("who is signed in at a provider is found by a part of the address or the name", async () => {
  await signIn(ada, { ...own, subject: "another" }, BOB);
  const find = async (search: string) =>
    (await searchSignedIn(ada, { ...own, search })).found.map(({ id }) => id);
  expect(await find("")).toEqual([ALICE, BOB]);
  expect(await find("BOB")).toEqual([BOB]);
  expect(await find("carol")).toEqual([]);
});

describe("the sign-in that an account would use", () => {
  const find = (username: string) => findSignIn(ada, { ...own, username });

  test("is found under the name, however it is written", async () => {
    const found = await find(`  ${ALICE.toUpperCase()} `);
    expect(found).toMatchObject({ grant: "delegated", signedIn: { state: "connected" } });
    expect(found?.signedIn?.accessTokenExpiresAt.getTime()).toBeGreaterThan(Date.now());
  });

  test("of an application is its own, whatever the name", async () => {
    const where = { id: own.cloudProviderId };
    await db().cloudProvider.update({ where, data: { grant: "app_only" } });
    expect(await find(ALICE)).toMatchObject({ grant: "app_only", signedIn: null });
    const ofAlice = { cloudProviderId: own.cloudProviderId, username: ALICE };
    await db().authorization.updateMany({ where: ofAlice, data: { username: "" } });
    expect(await find("anyone@contoso.test")).toMatchObject({ signedIn: { state: "connected" } });
  });
});

describe("a sign-in that a browser left for, and that did not come back,", () => {
  const account = withAccount(ada, sandbox);
  beforeAll(() => cameBackLongAgo());

  const cameBackLongAgo = () =>
    db().$executeRaw`UPDATE "AuthorizationRequest" SET "consumedAt" = now() - interval '2 hours'
    WHERE "consumedAt" IS NOT NULL`;

  const begin = () => beginAuthorization(ada, account);
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
    await signIn(ada, { ...account, subject: "another" });
    expect(await ofProvider()).toBeNull();
    await cameBackLongAgo();
    expect(await ofProvider()).not.toBeNull();
    await earlier(61);
    expect(await ofProvider()).toBeNull();
  });
});

describe("after a sign-in", () => {
  beforeEach(() => db().tokenSet.deleteMany());
  const account = freshAccount(ada, sandbox);

  test("one leads back to the account it was for, or to its provider if that is deleted", async () => {
    const { emailAccountId, cloudProviderId } = account;
    const back = await arrive(ada, await walk(ada, account, ALICE));
    expect(back).toMatchObject({ emailAccountId, cloudProviderId, move: null });
    const answer = await walk(ada, account, ALICE);
    await deleteEmailAccount(ada, { id: emailAccountId });
    expect(await arrive(ada, answer)).toMatchObject({ emailAccountId: null, move: null });
  });

  test("good news is told again as long as it is true", async () => {
    const { authorizationRequestId: id } = await arrive(ada, await walk(ada, account, ALICE));
    const connected = { kind: "connected", username: ALICE };
    const stand = (state: string) => db().tokenSet.updateMany({ data: { state } });
    for (const state of ["connected", "retrying"]) {
      await stand(state);
      expect(await findOutcome(ada, id)).toMatchObject(connected);
    }
    for (const state of ["sign_in_again", "fix_registration", "locked"]) {
      await stand(state);
      expect(await findOutcome(ada, id)).toBeNull();
    }
    const { cloudProviderId } = account;
    await db().authorization.deleteMany({ where: { cloudProviderId } });
    expect(await findOutcome(ada, id)).toBeNull();
  });
});
