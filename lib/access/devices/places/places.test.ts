import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { db, pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { accountForm } from "@/lib/testing/sign-in";
import { endLease, givePlacesBack, renewLease, takePlace } from "./store";

/** Connections to a mailbox's server, counted for all gateways together. */
withDatabase();
const [one, other] = [randomUUID(), randomUUID()];
let emailAccountId: string;

beforeAll(async () => {
  const host = { host: "mail.contoso.com", port: 993, tls: "implicit" };
  const hosts = { imap: host, smtp: { ...host, port: 465 }, pop3: { ...host, port: 995 } };
  const custom = { service: "custom", modernAuthentication: false, password: "p", hosts };
  ({ id: emailAccountId } = await createEmailAccount(administrator(), accountForm(custom)));
  await Promise.all([renewLease(one), renewLease(other)]);
});

const take = (gatewayId: string) =>
  takePlace({ mailboxId: emailAccountId, protocol: "smtp", most: 3, gatewayId });

test("two gateways share the places of a mailbox, whoever asks first", async () => {
  const asked = Array.from({ length: 40 }, (_, at) => take(at % 2 === 0 ? one : other));
  const taken = (await Promise.all(asked)).filter((place) => place !== null);
  expect(taken.length).toBeLessThanOrEqual(3);
  while ((await take(one)) !== null);
  expect(await db().mailboxPlace.count()).toBe(3);
  expect(await take(other)).toBeNull();
});

test("one that is given back is free, and only its own gateway gives it back", async () => {
  const { place, gatewayId } = await db().mailboxPlace.findFirstOrThrow();
  const held = { mailboxId: emailAccountId, protocol: "smtp" as const, place };
  await givePlacesBack([held], gatewayId === one ? other : one);
  expect(await take(one)).toBeNull();
  await givePlacesBack([held], gatewayId);
  expect(await take(one)).toEqual(held);
});

test("those of a gateway that is dead are free, and so are those of one that stops", async () => {
  await pool().query(`UPDATE "MailboxPlace" SET "gatewayId" = $1`, [one]);
  await pool().query(`UPDATE "DeviceGateway" SET "leaseUntil" = now() WHERE id = $1`, [one]);
  for (let count = 0; count < 3; count += 1) expect(await take(other)).not.toBeNull();
  expect(await take(other)).toBeNull();
  await endLease(other);
  expect(await db().mailboxPlace.count()).toBe(0);
});
