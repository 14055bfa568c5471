import { beforeAll, describe, expect, test } from "vitest";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { getSetUpProgress, listEmailAccounts } from "@/lib/email-accounts/queries";
import { EMAIL_ACCOUNT_SORTS } from "@/lib/email-accounts/schema";
import { db } from "@/lib/kernel/db";
import { listParamsSchema } from "@/lib/kernel/paging/schema";
import { administrator, program } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, accountForm, BOB, connectedAccount, signIn } from "@/lib/testing/sign-in";
import { findCloudProvider, listCloudProviders, listClouds, searchCloudProviders } from "./queries";
import { CLOUD_PROVIDER_SORTS } from "./schema";

const sandbox = withInstallation();
const ada = administrator();
const MISSING = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";
let cloudProviderId: string;

beforeAll(async () => {
  expect(await getSetUpProgress(ada)).toEqual({
    hasProvider: false,
    hasAuthorization: false,
    hasAccount: false,
    hasPassedTest: false,
  });
  ({ cloudProviderId } = await connectedAccount(ada, sandbox()));
  await signIn(ada, { subject: "another", cloudProviderId }, BOB);
  await createEmailAccount(ada, accountForm({ cloudProviderId, username: BOB }));
  await createEmailAccount(ada, accountForm({ cloudProviderId, username: "carol@contoso.test" }));
});

/** Sets the state of one mailbox's tokens. */
const stand = (username: string, state: string) =>
  db().tokenSet.updateMany({ where: { authorization: { username } }, data: { state } });

describe("a provider in the list", () => {
  const row = async () => {
    const params = listParamsSchema(CLOUD_PROVIDER_SORTS).parse({});
    return (await listCloudProviders(ada, params)).rows[0];
  };

  test("tells who is signed in, newest first, and what uses it", async () => {
    expect(await row()).toMatchObject({
      state: "connected",
      usernames: [BOB, ALICE],
      authorizationCount: 2,
      accountCount: 3,
      secretHint: sandbox().registration.clientSecret.slice(-3),
    });
  });

  test.each([
    ["retrying", "connected", "retrying"],
    ["sign_in_again", "retrying", "sign_in_again"],
    ["fix_registration", "sign_in_again", "fix_registration"],
    ["locked", "fix_registration", "locked"],
  ])("stands %s as the worst of its sign-ins does", async (worst, other, state) => {
    await stand(ALICE, worst);
    await stand(BOB, other);
    expect((await row())?.state).toBe(state);
    await stand(ALICE, "connected");
    await stand(BOB, "connected");
  });

  test("stands fix_registration while its own failure is not mended", async () => {
    const where = { id: cloudProviderId };
    await db().cloudProvider.update({ where, data: { failureId: "AADSTS7000222" } });
    expect((await row())?.state).toBe("fix_registration");
    expect((await findCloudProvider(ada, cloudProviderId))?.state).toBe("fix_registration");
    await db().cloudProvider.update({ where, data: { failureId: null } });
  });
});

test("an account in the list stands as the sign-in of its own user name", async () => {
  await stand(BOB, "sign_in_again");
  const params = listParamsSchema(EMAIL_ACCOUNT_SORTS).parse({});
  const { rows } = await listEmailAccounts(ada, params);
  const states = Object.fromEntries(rows.map(({ username, tokenState }) => [username, tokenState]));
  expect(states).toEqual({
    [ALICE]: "connected",
    [BOB]: "sign_in_again",
    "carol@contoso.test": null,
  });
  await stand(BOB, "connected");
});

test("what is not there is null, and what may not be seen is refused", async () => {
  expect(await findCloudProvider(ada, MISSING)).toBeNull();
  const motion = program("accounts:read");
  const refused = { code: "access_denied" };
  await expect(findCloudProvider(motion, cloudProviderId)).rejects.toMatchObject(refused);
  await expect(searchCloudProviders(motion, { search: "" })).rejects.toMatchObject(refused);
  expect(() => listClouds(motion)).toThrow(/providers:read/);
});

test("the clouds are the built-in ones and the operator's own, which come first", () => {
  expect(listClouds(ada).map(({ id }) => id)).toEqual([
    "sandbox",
    "sandbox-gcc-high",
    "sandbox-google",
    "global",
    "gcc-high",
    "dod",
    "china",
    "google",
  ]);
});

test("a newcomer is told how far the installation has come", async () => {
  expect(await getSetUpProgress(ada)).toEqual({
    hasProvider: true,
    hasAuthorization: true,
    hasAccount: true,
    hasPassedTest: false,
  });
});
