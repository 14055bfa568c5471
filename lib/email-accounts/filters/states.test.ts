import { beforeEach, describe, expect, test } from "vitest";
import { db, pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { either } from "@/lib/testing/long";
import { seedProvider, setTokens } from "@/lib/testing/outage";
import { findEmailAccount } from "../queries";
import { correctStates } from "../states/mutations";

withDatabase();
const ada = administrator();
let cloudProviderId: string;
let id: string;

beforeEach(async () => {
  await db().emailAccount.deleteMany();
  cloudProviderId = await seedProvider();
  ({ id } = await db().emailAccount.findFirstOrThrow({ where: { cloudProviderId } }));
});

const state = async () => (await findEmailAccount(ada, id))?.state;
const change = (data: Record<string, unknown>) => db().emailAccount.update({ where: { id }, data });

test.each([
  ["connected", {}],
  ["inactive", { active: false }],
  ["password", { modernAuthentication: false }],
  ["no_provider", { cloudProviderId: null }],
  ["not_signed_in", { usernameKey: "carol@contoso.test" }],
  ["test_failed", { smtpVerdict: "failed" }],
  ["test_failed", { pop3Verdict: "failed", modernAuthentication: false }],
  ["inactive", { imapVerdict: "failed", active: false }],
])("an account stands %s with %j", async (expected, changes) => {
  await change(changes);
  expect(await state()).toBe(expected);
});

test.each([
  // It mends itself: a failed test, which needs a person, is worse.
  ["retrying", "retrying", "test_failed"],
  ["sign_in_again", "sign_in_again", "sign_in_again"],
  ["fix_registration", "fix_registration", "fix_registration"],
  ["locked", "locked", "locked"],
  ["something new", "not_signed_in", "not_signed_in"],
])(
  "an account whose sign-in is %s stands %s, with a failed test %s",
  async (is, stands, failed) => {
    await setTokens(cloudProviderId, { state: is, failureId: "AADSTS50173" });
    expect(await state()).toBe(stands);
    await change({ imapVerdict: "failed" });
    expect(await state()).toBe(failed);
    await setTokens(cloudProviderId, null);
    expect(await state()).toBe("test_failed");
  },
);

test("a token that ran out since is told without a change of the row", async () => {
  await db().tokenSet.updateMany({ data: { accessTokenExpiresAt: new Date(0) } });
  expect(await state()).toBe("retrying");
  await change({ imapVerdict: "failed" });
  expect(await state()).toBe("test_failed");
});

test("an account is not signed in any more when another person's name is on it", async () => {
  const data = { username: "carol@contoso.test" };
  await db().authorization.updateMany({ where: { cloudProviderId }, data });
  expect(await state()).toBe("not_signed_in");
});

test("nor when its provider signs in by itself from now on, until it does", async () => {
  const where = { id: cloudProviderId };
  await db().cloudProvider.update({ where, data: { grant: "app_only" } });
  expect(await state()).toBe("not_signed_in");
  await db().authorization.updateMany({ where: { cloudProviderId }, data: { username: "" } });
  expect(await state()).toBe("connected");
});

/** Changes something while another one holds rows, or is in the middle of a statement of its own. */
async function whileHeld(sql: string, values: unknown[], work: () => Promise<unknown>) {
  const held = await pool().connect();
  await held.query("BEGIN");
  await held.query(sql, values);
  await work();
  await held.query("COMMIT");
  held.release();
}
const HOLD = `SELECT 1 FROM "EmailAccount" WHERE id = $1 FOR UPDATE`;

describe("a token's state that changes while an account is edited", () => {
  const locked = { state: "locked", failureId: "postkey.locked" };

  test("is stored at once, whoever holds the account, and the account's is set right afterwards", async () => {
    await whileHeld(HOLD, [id], () => setTokens(cloudProviderId, locked));
    expect(await state()).toBe("connected");
    expect(await correctStates()).toBe(1);
    expect(await state()).toBe("locked");
    expect(await correctStates()).toBe(0);
  });

  test("reaches an account that is moved to the provider at the same moment", async () => {
    const other = await seedProvider({ accounts: 0 });
    await change({ cloudProviderId: other });
    const move = `UPDATE "EmailAccount" SET "cloudProviderId" = $2 WHERE id = $1`;
    await whileHeld(move, [id, cloudProviderId], () => setTokens(cloudProviderId, locked));
    await correctStates();
    expect(await state()).toBe("locked");
  });
});

describe("a provider that is renamed while its accounts are edited", () => {
  const rename = (name: string) =>
    db().cloudProvider.update({ where: { id: cloudProviderId }, data: { nameKey: name } });
  const wrongNames = async () =>
    (
      await pool().query(`SELECT e.id FROM "EmailAccount" e JOIN "CloudProvider" p ON p.id = e."cloudProviderId"
        WHERE e."providerKey" <> p."nameKey"`)
    ).rows;

  test("is renamed at once, and the account that was held is set right afterwards", async () => {
    await whileHeld(HOLD, [id], () => rename("renamed meanwhile"));
    expect(await wrongNames()).toEqual([{ id }]);
    expect(await correctStates()).toBe(1);
    expect(await wrongNames()).toEqual([]);
    expect(await correctStates()).toBe(0);
  });

  test("never waits in a ring with those who edit, move or change many of them", async () => {
    cloudProviderId = await seedProvider({ accounts: 5 });
    const all = { where: { cloudProviderId } };
    const edits = [
      () => db().emailAccount.updateMany({ ...all, data: { cloudProviderId } }),
      () =>
        db().$transaction(async (tx) => {
          await tx.$queryRaw`SELECT id FROM "EmailAccount" ORDER BY id FOR UPDATE`;
          await tx.$queryRaw`SELECT id FROM "CloudProvider" WHERE id = ${cloudProviderId}::uuid FOR KEY SHARE`;
          await tx.emailAccount.updateMany({ data: { cloudProviderId } });
        }),
    ];
    for (let round = 0; round < either({ short: 10, long: 200 }); round += 1)
      await Promise.all([rename(`round ${round}`), edits[round % edits.length]?.()]);
    await correctStates();
    expect(await wrongNames()).toEqual([]);
  }, 60_000);
});
