import { randomUUID } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db, pool } from "@/lib/kernel/db";
import { plainAccount } from "@/lib/testing/colleagues";
import { withDatabase } from "@/lib/testing/database";
import { endLease, givePlacesBack, type Place, renewLease, takePlace } from "./store";

/** Connections to a mailbox's server, counted for all gateways together. */
withDatabase();
const [one, other] = [randomUUID(), randomUUID()];
let emailAccountId: string;

beforeAll(async () => {
  emailAccountId = await plainAccount();
  await Promise.all([renewLease(one), renewLease(other)]);
});

async function take(gatewayId: string): Promise<Place | null> {
  const place = { mailboxId: emailAccountId, protocol: "smtp", claim: randomUUID() } as const;
  return (await takePlace(place, { most: 3, gatewayId })) ? place : null;
}

const letLapse = (gatewayId: string) =>
  pool().query(`UPDATE "DeviceGateway" SET "leaseUntil" = now() - interval '1 s' WHERE id = $1`, [
    gatewayId,
  ]);

test("two gateways share the places of a mailbox, whoever asks first", async () => {
  const asked = Array.from({ length: 40 }, (_, at) => take(at % 2 === 0 ? one : other));
  const taken = (await Promise.all(asked)).filter((place) => place !== null);
  expect(taken.length).toBeLessThanOrEqual(3);
  while ((await take(one)) !== null);
  expect(await db().mailboxPlace.count()).toBe(3);
  expect(await take(other)).toBeNull();
});

test("one that is given back is free, and only its own gateway gives it back", async () => {
  const { claim, gatewayId } = await db().mailboxPlace.findFirstOrThrow();
  const held = { mailboxId: emailAccountId, protocol: "smtp" as const, claim: claim ?? "" };
  await givePlacesBack([held], gatewayId === one ? other : one);
  expect(await take(one)).toBeNull();
  await givePlacesBack([held], gatewayId);
  expect(await take(one)).not.toBeNull();
});

test("those of a gateway that is dead are free, and so are those of one that stops", async () => {
  await pool().query(`UPDATE "MailboxPlace" SET "gatewayId" = $1`, [one]);
  await letLapse(one);
  for (let count = 0; count < 3; count += 1) expect(await take(other)).not.toBeNull();
  expect(await take(other)).toBeNull();
  await endLease(other);
  expect(await db().mailboxPlace.count()).toBe(0);
});

describe("a gateway that was stopped for longer than its lease, and goes on", () => {
  const held = async () => {
    const rows = await db().mailboxPlace.findMany({ orderBy: { place: "asc" } });
    return rows.map(({ gatewayId }) => (gatewayId === one ? "one" : "other"));
  };

  beforeEach(async () => {
    await Promise.all([endLease(one), endLease(other)]);
    await Promise.all([renewLease(one), renewLease(other)]);
  });

  test("takes none of its own places twice, before it has renewed the lease or behind that", async () => {
    for (let count = 0; count < 3; count += 1) expect(await take(one)).not.toBeNull();
    await letLapse(one);
    expect(await take(one)).toBeNull();
    await renewLease(one);
    expect([await take(one), await take(other)]).toEqual([null, null]);
  });

  test("gives back what it lost to nobody, and what it has taken since is its own", async () => {
    const lost = [await take(one), await take(one), await take(one)].flatMap((each) => each ?? []);
    await letLapse(one);
    const taken = [await take(other), await take(other), await take(other)];
    expect(await held()).toEqual(["other", "other", "other"]);
    await renewLease(one);
    await givePlacesBack(lost, one);
    expect(await held()).toEqual(["other", "other", "other"]);
    await givePlacesBack(taken.flatMap((each) => each ?? []).slice(0, 1), other);
    expect(await take(one)).not.toBeNull();
    // Of these one had the place that is taken now.
    await givePlacesBack(lost, one);
    expect((await held()).sort()).toEqual(["one", "other", "other"]);
  });
});
