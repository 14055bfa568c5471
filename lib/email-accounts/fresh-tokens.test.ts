import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { db, pool } from "@/lib/kernel/db";
import { isoDay } from "@/lib/registrations/credentials/schema";
import { updateClientSecret } from "@/lib/registrations/update-client-secret";
import { renewNow } from "@/lib/sign-ins/tokens/renew-now";
import { administrator } from "@/lib/testing/actors";
import { secretInUse } from "@/lib/testing/credentials";
import { addSecret, tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { ALICE, accountForm, connectedAccount } from "@/lib/testing/sign-in";
import { tokenRow } from "@/lib/testing/tokens";
import { getAccessToken } from "./access-token";
import { createEmailAccount } from "./mutations";

const sandbox = withInstallation();
const ada = administrator();
let cloudProviderId: string;
/** Her own mailbox, and a shared one that she signs in for: two accounts of one sign-in. */
let alice: string;
let shared: string;

beforeEach(async () => {
  await db().emailAccount.deleteMany();
  ({ cloudProviderId, emailAccountId: alice } = await connectedAccount(ada, sandbox()));
  const form = { cloudProviderId, emailAddress: "support@contoso.test", username: ALICE };
  ({ id: shared } = await createEmailAccount(ada, accountForm(form)));
});

const fresh = (id: string, answersSince?: Date) =>
  getAccessToken(ada, id, { purpose: "test_fresh", answersSince });
const requests = () =>
  tokenRequests(sandbox(), "refresh_token") + tokenRequests(sandbox(), "fault");
/** Later than all that was stored before it, which is rounded to a millisecond. */
const databaseTime = async () => {
  await sleep(5);
  const { rows } = await pool().query<{ now: Date }>("SELECT clock_timestamp() AS now");
  return rows[0]?.now;
};

describe("a fresh token of accounts that share a sign-in", () => {
  test("is asked for once in a run", async () => {
    const startedAt = await databaseTime();
    const before = requests();
    const first = await fresh(alice, startedAt);
    const second = await fresh(shared, startedAt);
    expect(second).toMatchObject({ accessToken: first.accessToken, isFresh: true });
    expect(requests() - before).toBe(1);
  });

  test("comes with the secret of before where the newest is refused, and so does a renewal", async () => {
    const { authorizationId } = await tokenRow(cloudProviderId);
    const ask = {
      "a fresh token": async () => (await fresh(alice)).isFresh,
      "a renewal": () => renewNow(ada, authorizationId),
    };
    for (const [what, isGood] of Object.entries(ask)) {
      const clientSecret = await addSecret(sandbox());
      const replaced = await secretInUse(cloudProviderId);
      await updateClientSecret(ada, { cloudProviderId, clientSecret, secretExpiresOn: isoDay(6) });
      sandbox().faults.set("secret_wrong", { times: 1 });
      expect([what, await isGood()]).toEqual([what, true]);
      expect([what, await secretInUse(cloudProviderId)]).toEqual([what, replaced]);
    }
  });

  test("is asked for again by the next run, and by who asks for one account", async () => {
    await fresh(alice);
    const before = requests();
    const second = await fresh(shared, await databaseTime());
    await databaseTime();
    const third = await fresh(shared);
    expect(new Set([second.accessToken, third.accessToken]).size).toBe(2);
    expect(requests() - before).toBe(2);
  });

  test("is waited for while another fetches it: the one from before is not called fresh", async () => {
    const { accessToken: old } = await getAccessToken(ada, alice, "test");
    sandbox().faults.set("slow", { seconds: 0.5 });
    const before = requests();
    const tokens = await Promise.all([fresh(alice), fresh(shared)]);
    expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(1);
    expect(tokens[0]?.accessToken).not.toBe(old);
    expect(requests() - before).toBe(1);
  });

  test.each(["test_fresh", "test"] as const)(
    "is refused to all of a run at once (%s)",
    async (purpose) => {
      const startedAt = await databaseTime();
      sandbox().faults.set("grant_revoked");
      const code = "interaction_required";
      await expect(fresh(alice, startedAt)).rejects.toMatchObject({ code });
      expect(await tokenRow(cloudProviderId)).toMatchObject({ state: "sign_in_again" });
      const before = requests();
      // A test takes the last token while it lives: the mailbox may still open with it.
      const next = getAccessToken(ada, shared, { purpose, answersSince: startedAt });
      if (purpose === "test") expect(await next).toMatchObject({ isFresh: false });
      else await expect(next).rejects.toMatchObject({ code });
      expect(requests()).toBe(before);
    },
  );

  test("is asked for again in the same run where the platform did not answer", async () => {
    const startedAt = await databaseTime();
    sandbox().faults.set("server_error");
    await expect(fresh(alice, startedAt)).rejects.toMatchObject({
      code: "temporarily_unavailable",
    });
    sandbox().faults.clearAll();
    expect(await fresh(shared, startedAt)).toMatchObject({ isFresh: true });
  });
});
