import { beforeEach, describe, expect, test } from "vitest";
import { insertDevices } from "@/lib/devices/import/store";
import { createDeviceSchema } from "@/lib/devices/schema";
import type { Actor } from "@/lib/kernel/actor";
import { ADVISORY_LOCKS } from "@/lib/kernel/advisory-locks";
import { hashToken } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { mintActor } from "@/lib/kernel/mint-actor";
import type { Transaction } from "@/lib/kernel/transaction";
import { revokeApiKey } from "@/lib/programs/mutations";
import { administrator } from "@/lib/testing/actors";
import { freshColleagues, plainAccount } from "@/lib/testing/colleagues";
import { withDatabase } from "@/lib/testing/database";
import { createApiKey, createDevice } from "@/lib/testing/made";
import {
  renameOneself,
  setAdministratorActive,
  setAdministratorRole,
} from "../administrators/mutations";
import { createByLink, createSession } from "../administrators/store";
import { setCompanyOnly } from "../company/mutations";
import { beginAuthenticator } from "../factors/mutations";
import { createInvitation } from "../links/store";
import { beginAddingPasskey } from "../passkeys/mutations";

withDatabase();

const HERE = new URL("https://postkey.contoso.test");
const ada = administrator();
let bob: ReturnType<typeof administrator>;

beforeEach(async () => {
  env().url = HERE;
  bob = await freshColleagues("Ada");
});

/** For a transaction that something waits for, on a busy machine. */
const LONG_ENOUGH = { timeout: 30_000 };
const key = { name: "Motion", permissions: ["tokens:read" as const] };
const ID = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";

/** What a browser of Bob was about to do when something was taken from him. */
const DEEDS: [string, (actor: Actor) => Promise<unknown>][] = [
  ["sets an authenticator app up", beginAuthenticator],
  ["adds a passkey", beginAddingPasskey],
  ["changes their name", (actor) => renameOneself(actor, { name: "Mallory" })],
  ["creates a key", (actor) => createApiKey(actor, key)],
  ["creates a device", (actor) => createDevice(actor, deviceFor(ID))],
  ["requires the company", (actor) => setCompanyOnly(actor, { only: true })],
];

const deviceFor = (emailAccountId: string) =>
  createDeviceSchema.parse({ name: "Scanner", emailAccountId });

describe("a session that ended after it was asked", () => {
  test.each(DEEDS)("no longer %s", async (_deed, act) => {
    await db().session.deleteMany();
    await expect(act(bob)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  test("of another person counts for nothing", async () => {
    const other = await db().administrator.findFirstOrThrow({ where: { name: "Ada" } });
    const mixed = { ...bob, id: other.id };
    await expect(beginAuthenticator(mixed)).rejects.toMatchObject({ code: "unauthenticated" });
  });
});

/** Of six at once: each has one turn that was begun, and hardly another one. */
const MOST_TURNS = 24;

/** Writes their own row again and again, from several tabs at once, until they may not any more. */
function keepsRenaming(): { until: Promise<unknown>; turns(): number; stop(): void } {
  let [turns, isOver] = [0, false];
  const tab = async (number: number) => {
    for (let turn = 0; !isOver; turn += 1)
      await renameOneself(bob, { name: `Mallory ${number} ${turn}` })
        .then(() => (turns += 1))
        .catch((error) => {
          if (error.code === "unauthenticated") isOver = true;
        });
  };
  const until = Promise.all(Array.from({ length: 6 }, (_, number) => tab(number)));
  return { until, turns: () => turns, stop: () => (isOver = true) };
}

describe("who keeps writing their own row", () => {
  test("is disabled at once", async () => {
    const where = { id: bob.id };
    const flood = keepsRenaming();
    await expect.poll(() => flood.turns()).toBeGreaterThan(9);
    const before = flood.turns();
    try {
      await setAdministratorActive(ada, { ...where, active: false });
      expect(flood.turns() - before).toBeLessThanOrEqual(MOST_TURNS);
    } finally {
      flood.stop();
      await flood.until;
    }
    expect((await db().administrator.findUniqueOrThrow({ where })).disabledAt).not.toBeNull();
  });
});

describe("a role that was taken after it was asked", () => {
  test("creates no key, and requires no company", async () => {
    await setAdministratorRole(ada, { id: bob.id, role: "operator" });
    await expect(createApiKey(bob, key)).rejects.toMatchObject({ code: "access_denied" });
    await expect(setCompanyOnly(bob, { only: false })).rejects.toMatchObject({
      code: "access_denied",
    });
    expect(await db().apiKey.count()).toBe(0);
  });

  test("and a person who was disabled does nothing with a session that is left", async () => {
    await setAdministratorActive(ada, { id: bob.id, active: false });
    await createSession(bob.id);
    await expect(createApiKey(bob, key)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  test("creates a key only before it was taken, when both happen at once", async () => {
    for (let round = 0; round < 2; round += 1) {
      await db().administrator.update({ where: { id: bob.id }, data: { role: "administrator" } });
      await Promise.allSettled([
        setAdministratorRole(ada, { id: bob.id, role: "viewer" }),
        ...Array.from({ length: 4 }, () => createApiKey(bob, key)),
      ]);
    }
    const events = await db().auditEvent.findMany({
      where: { OR: [{ objectId: bob.id, action: "role.change" }, { actorId: bob.id }] },
      orderBy: { id: "asc" },
    });
    expect(events.filter(({ action }) => action === "role.change")).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({ action: "role.change" });
  });
});

describe("a key that was revoked after it was asked", () => {
  test("creates no device", async () => {
    await createApiKey(bob, { name: "Motion", permissions: ["devices:write"] });
    const { id } = await db().apiKey.findFirstOrThrow();
    const emailAccountId = await plainAccount();
    const permissions = new Set(["devices:write"] as const);
    const program = mintActor({ kind: "api_key", id, name: "Motion", permissions });
    await createDevice(program, deviceFor(emailAccountId));
    await revokeApiKey(ada, { id });
    const late = createDevice(program, deviceFor(emailAccountId));
    await expect(late).rejects.toMatchObject({ code: "unauthenticated" });
    expect(await db().device.count()).toBe(1);
  });
});

describe("a decision about people", () => {
  test("does not wait for an import that waits for its own turn", async () => {
    const emailAccountId = await plainAccount();
    let isWaiting = true;
    const { imported } = await db().$transaction(async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.deviceImport})`;
      const running = insertDevices(bob, [deviceFor(emailAccountId)])
        .catch((error) => error)
        .finally(() => {
          isWaiting = false;
        });
      await expect.poll(() => countWaiting(tx, "locktype = 'advisory'")).toBe(1);
      await setAdministratorRole(ada, { id: bob.id, role: "viewer" });
      // Behind the import it would have waited until that gave up.
      expect(isWaiting).toBe(true);
      return { imported: running };
    }, LONG_ENOUGH);
    expect(await imported).toMatchObject({ code: "access_denied" });
  });

  test("meets who comes with an invitation before their link, and not behind it", async () => {
    const tokenHash = hashToken("invited");
    const link = { tokenHash, invitedById: bob.id, invitedByName: "Bob" };
    await db().$transaction((tx) =>
      createInvitation(tx, { ...link, role: "viewer", email: null, name: null }),
    );
    const data = { name: "Carol", email: "carol@contoso.test", passwordHash: null };
    const { comes } = await db().$transaction(async (tx) => {
      await tx.$executeRaw`LOCK TABLE "Administrator" IN EXCLUSIVE MODE`;
      const coming = createByLink(tokenHash, data);
      await expect.poll(() => countWaiting(tx, `relation = '"Administrator"'::regclass`)).toBe(1);
      // Links are voided behind the lock: one that was held would make the two wait for each other.
      await tx.$queryRaw`SELECT id FROM "SetupLink" WHERE "tokenHash" = ${tokenHash} FOR UPDATE NOWAIT`;
      return { comes: coming };
    }, LONG_ENOUGH);
    expect(await comes).toMatchObject({ name: "Carol" });
  });
});

async function countWaiting(tx: Transaction, lock: string): Promise<number> {
  const [row] = await tx.$queryRawUnsafe<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM pg_locks WHERE ${lock} AND NOT granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  return row?.count ?? 0;
}
