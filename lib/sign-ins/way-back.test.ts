import { beforeEach, expect, test } from "vitest";
import { deleteEmailAccount } from "@/lib/email-accounts/mutations";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, arrive, connectedAccount, walk } from "@/lib/testing/sign-in";
import { findOutcome } from "./queries";

/** Whose page the browser goes back to after a sign-in. */
const sandbox = withInstallation();
const ada = administrator();
let cloudProviderId: string;
let emailAccountId: string;

beforeEach(async () => {
  await db().tokenSet.deleteMany();
  ({ cloudProviderId, emailAccountId } = await connectedAccount(ada, sandbox()));
});

const forAccount = () => ({ subject: "email_account", emailAccountId }) as const;

test("a sign-in for an account leads back to the account", async () => {
  const answer = await arrive(ada, await walk(ada, forAccount(), ALICE));
  expect(answer).toMatchObject({ emailAccountId, cloudProviderId, move: null });
});

test("a sign-in at a provider leads back to the provider", async () => {
  const another = { subject: "another", cloudProviderId } as const;
  const answer = await arrive(ada, await walk(ada, another, ALICE));
  expect(answer).toMatchObject({ emailAccountId: null, cloudProviderId, move: null });
});

test("an account that was deleted meanwhile leads back to its provider", async () => {
  const answer = await walk(ada, forAccount(), ALICE);
  await deleteEmailAccount(ada, { id: emailAccountId });
  expect(await arrive(ada, answer)).toMatchObject({ emailAccountId: null, move: null });
});

test("an account that has another provider meanwhile leads back to where the sign-in was", async () => {
  const answer = await walk(ada, forAccount(), ALICE);
  await db().emailAccount.update({
    where: { id: emailAccountId },
    data: { cloudProviderId: null },
  });
  expect(await arrive(ada, answer)).toMatchObject({ emailAccountId: null, cloudProviderId });
});

test("good news is told again as long as it is true", async () => {
  const { authorizationRequestId: id } = await arrive(ada, await walk(ada, forAccount(), ALICE));
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
  await db().authorization.deleteMany({ where: { cloudProviderId } });
  expect(await findOutcome(ada, id)).toBeNull();
});
