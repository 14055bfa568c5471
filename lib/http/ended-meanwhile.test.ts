import { beforeEach, describe, expect, test } from "vitest";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { changeAccounts } from "@/lib/email-accounts/bulk/mutations";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import type { Actor } from "@/lib/kernel/actor";
import { TAKE_COMMIT_ORDER } from "@/lib/kernel/commit-order";
import { db } from "@/lib/kernel/db";
import type { Transaction } from "@/lib/kernel/transaction";
import { recordSent } from "@/lib/messages/mutations";
import { isoDay } from "@/lib/registrations/credentials/schema";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { updateClientSecret } from "@/lib/registrations/update-client-secret";
import { createSignInLinks } from "@/lib/sign-ins/links/mutations";
import { administrator } from "@/lib/testing/actors";
import { call, keyFor } from "@/lib/testing/api";
import { openBrowser } from "@/lib/testing/browser";
import { addSecret, withInstallation } from "@/lib/testing/sandbox";
import { ALICE, accountForm, providerForm } from "@/lib/testing/sign-in";
import { createContactListOperation } from "./api/operations/contacts";
import { findUser } from "./auth/session";

const sandbox = withInstallation();
const ada = administrator();
let cloudProviderId: string;

beforeEach(async () => {
  await db().emailAccount.deleteMany();
  await db().cloudProvider.deleteMany();
  await db().contactList.deleteMany();
  ({ id: cloudProviderId } = await createCloudProvider(ada, providerForm(sandbox())));
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
  links: await db().signInLink.count(),
  accounts: await db().emailAccount.count({ where: { active: true } }),
  lists: await db().contactList.count(),
  credentials: await db().clientCredential.count(),
  events: await db().auditEvent.count({ where: { actorName: "Bob" } }),
});

describe("a person whose session ends while what they did waits", () => {
  const DEEDS: [string, (actor: Actor) => Promise<unknown>][] = [
    [
      "hands out no sign-in link",
      (actor) => createSignInLinks(actor, { cloudProviderId, usernames: [ALICE] }),
    ],
    [
      "adds no account",
      (actor) => createEmailAccount(actor, accountForm({ cloudProviderId, key: "NEW" })),
    ],
    [
      "switches no account off",
      async (actor) => {
        const { id } = await db().emailAccount.findFirstOrThrow();
        return changeAccounts(actor, {
          selection: { accounts: "selected", emailAccountIds: [id] },
          change: { set: "active", to: false },
        });
      },
    ],
    ["adds no list", (actor) => createContactList(actor, { name: "New" })],
    [
      "puts no secret in use",
      async (actor) => {
        const clientSecret = await addSecret(sandbox());
        const secretExpiresOn = isoDay(3);
        return updateClientSecret(actor, { cloudProviderId, clientSecret, secretExpiresOn });
      },
    ],
  ];
  test.each(DEEDS)("%s", async (_deed, act) => {
    await createEmailAccount(ada, accountForm({ cloudProviderId }));
    const actor = await bob();
    const before = await counts();
    const outcome = await meanwhile(endSessions, () => act(actor));
    expect(outcome).toMatchObject({ code: "unauthenticated" });
    expect(await counts()).toEqual(before);
  });

  test("keeps in the trail what can't be taken back", async () => {
    const actor = await bob();
    const account = { id: cloudProviderId, name: "Support" };
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
