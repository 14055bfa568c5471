import { beforeAll, describe, expect, test } from "vitest";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { getSetUpProgress } from "@/lib/email-accounts/queries";
import { db } from "@/lib/kernel/db";
import { listParamsSchema } from "@/lib/kernel/paging/schema";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, accountForm, BOB, connectedAccount, signIn } from "@/lib/testing/sign-in";
import { findCloudProvider, listCloudProviders } from "./queries";
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
});

test("what is not there is null", async () => {
  expect(await findCloudProvider(ada, MISSING)).toBeNull();
});

test("a newcomer is told how far the installation has come", async () => {
  expect(await getSetUpProgress(ada)).toEqual({
    hasProvider: true,
    hasAuthorization: true,
    hasAccount: true,
    hasPassedTest: false,
  });
});
