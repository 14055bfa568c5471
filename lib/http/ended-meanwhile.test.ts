import { beforeEach, describe, expect, test } from "vitest";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import type { Actor } from "@/lib/kernel/actor";
import { TAKE_COMMIT_ORDER } from "@/lib/kernel/commit-order";
import { db } from "@/lib/kernel/db";
import type { Transaction } from "@/lib/kernel/transaction";
import { recordSent } from "@/lib/messages/mutations";
import { call, keyFor } from "@/lib/testing/api";
import { openBrowser } from "@/lib/testing/browser";
import { plainAccount } from "@/lib/testing/colleagues";
import { withDatabase } from "@/lib/testing/database";
import { accountForm } from "@/lib/testing/sign-in";
import { createContactListOperation } from "./api/operations/contacts";
import { findUser } from "./auth/session";

withDatabase();

beforeEach(async () => {
  await db().emailAccount.deleteMany();
  await db().contactList.deleteMany();
});

/** A person in their browser, as a page or an action finds them. */
async function bob(): Promise<Actor> {
  await openBrowser("Bob");
  const found = await findUser();
  if (!found) throw new Error("Nobody is signed in.");
  return found;
}

/** What takes the session or the key has its place in the trail; the deed waits behind it. */
async function meanwhile<T>(
  take: (tx: Transaction) => Promise<unknown>,
  deed: () => Promise<T>,
): Promise<T | Error> {
  const waiting = await db().$transaction(
    async (tx) => {
      await tx.$queryRawUnsafe(TAKE_COMMIT_ORDER);
      await take(tx);
      const outcome = deed().catch((error: Error) => error);
      await expect.poll(() => countWaiting(tx)).toBe(1);
      return { outcome };
    },
    { timeout: 20_000 },
  );
  return waiting.outcome;
}

async function countWaiting(tx: Transaction): Promise<number> {
  const [row] = await tx.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM pg_locks
    WHERE locktype = 'advisory' AND NOT granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  return row?.count ?? 0;
}

const endSessions = (tx: Transaction) => tx.session.deleteMany();

const counts = async () => ({
  accounts: await db().emailAccount.count(),
  lists: await db().contactList.count(),
  events: await db().auditEvent.count({ where: { actorName: "Bob" } }),
});

describe("a person whose session ends while what they did waits", () => {
  const form = { modernAuthentication: false, password: "p" };
  test.each<[string, (actor: Actor) => Promise<unknown>]>([
    ["account", (actor) => createEmailAccount(actor, accountForm(form))],
    ["list", (actor) => createContactList(actor, { name: "New" })],
  ])("adds no %s", async (_what, act) => {
    const actor = await bob();
    const before = await counts();
    const outcome = await meanwhile(endSessions, () => act(actor));
    expect(outcome).toMatchObject({ code: "unauthenticated" });
    expect(await counts()).toEqual(before);
  });

  test("keeps in the trail what can't be taken back", async () => {
    const actor = await bob();
    const account = { id: await plainAccount(), name: "Support" };
    const before = await counts();
    await meanwhile(endSessions, () => recordSent(actor, account, { messageId: "<1@x.test>" }));
    expect(await counts()).toEqual({ ...before, events: before.events + 1 });
  });
});

test("a role that is taken while a deed waits no longer allows it", async () => {
  const actor = await bob();
  const take = (tx: Transaction) =>
    tx.administrator.updateMany({ where: { id: actor.id }, data: { role: "viewer" } });
  const outcome = await meanwhile(take, () => createContactList(actor, { name: "New" }));
  expect(outcome).toMatchObject({ code: "access_denied" });
  expect(await db().contactList.count()).toBe(0);
});

test("a program whose key is revoked while its request waits stores nothing", async () => {
  const key = await keyFor(["contacts:write"]);
  const take = (tx: Transaction) => tx.apiKey.updateMany({ data: { revokedAt: new Date() } });
  const answer = await meanwhile(take, () =>
    call(createContactListOperation, { key, body: { name: "New" } }),
  );
  expect(answer).toMatchObject({ status: 401 });
  expect(await db().contactList.count()).toBe(0);
});
