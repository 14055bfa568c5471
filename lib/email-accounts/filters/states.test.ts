import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { seedProvider, setTokens } from "@/lib/testing/outage";
import { findEmailAccount } from "../queries";

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
  ["connected", { smtpVerdict: "skipped", pop3Verdict: "aborted" }],
  ["inactive", { imapVerdict: "failed", active: false }],
])("an account stands %s with %j", async (expected, changes) => {
  await change(changes);
  expect(await state()).toBe(expected);
});

test.each([
  ["retrying", "retrying"],
  ["sign_in_again", "sign_in_again"],
  ["fix_registration", "fix_registration"],
  ["locked", "locked"],
  ["something new", "not_signed_in"],
])("an account whose sign-in is %s stands %s, whatever its last test found", async (is, stands) => {
  await setTokens(cloudProviderId, { state: is, failureId: "AADSTS50173" });
  expect(await state()).toBe(stands);
  await change({ imapVerdict: "failed" });
  expect(await state()).toBe(stands);
  await setTokens(cloudProviderId, null);
  expect(await state()).toBe("test_failed");
});

test("a token that ran out since is told without a change of the row", async () => {
  await db().tokenSet.updateMany({ data: { accessTokenExpiresAt: new Date(0) } });
  expect(await state()).toBe("retrying");
  await change({ imapVerdict: "failed" });
  expect(await state()).toBe("test_failed");
});

describe("an account is not signed in any more", () => {
  test("when its sign-in is removed", async () => {
    await db().authorization.deleteMany({ where: { cloudProviderId } });
    expect(await state()).toBe("not_signed_in");
  });

  test("when another person's name is on it", async () => {
    const data = { username: "carol@contoso.test" };
    await db().authorization.updateMany({ where: { cloudProviderId }, data });
    expect(await state()).toBe("not_signed_in");
    await db().authorization.updateMany({ data: { username: "m1@contoso.test" } });
    expect(await state()).toBe("connected");
  });

  test("when its provider signs in by itself from now on, until it does", async () => {
    const where = { id: cloudProviderId };
    await db().cloudProvider.update({ where, data: { grant: "app_only" } });
    expect(await state()).toBe("not_signed_in");
    await db().authorization.updateMany({ where: { cloudProviderId }, data: { username: "" } });
    expect(await state()).toBe("connected");
    await setTokens(cloudProviderId, { state: "locked", failureId: "postkey.locked" });
    expect(await state()).toBe("locked");
  });
});

test("what is written of tests and of tokens at once is told by whichever ends last", async () => {
  for (let round = 0; round < 20; round += 1) {
    const verdict = round % 2 === 0 ? "failed" : "ok";
    const isLocked = round % 3 === 0;
    await Promise.all([
      change({ imapVerdict: verdict }),
      setTokens(cloudProviderId, isLocked ? { state: "locked", failureId: "x" } : null),
    ]);
    const otherwise = verdict === "failed" ? "test_failed" : "connected";
    expect(await state()).toBe(isLocked ? "locked" : otherwise);
  }
});
