import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { deleteEmailAccount, setEmailAccountActive } from "@/lib/email-accounts/mutations";
import { DAY_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { plainAccount, withPlainAccount } from "@/lib/testing/colleagues";
import { withDatabase } from "@/lib/testing/database";
import { createDevice, type DeviceForm } from "@/lib/testing/made";
import { ALICE } from "@/lib/testing/sign-in";
import { authenticateDevice, type Presented } from "./authenticate";
import { pauseDevice, revokeDevice, rotateDevice, updateDevice } from "./mutations";
import {
  findDevice,
  findEditedDevice,
  findRevokedDevice,
  listDevices,
  listDevicesOfAccount,
} from "./queries";
import { addTraffic, findStanding } from "./store";

withDatabase();
const ada = administrator();
const account = withPlainAccount();

const scanner = (changes: Partial<DeviceForm> = {}) =>
  createDevice(ada, { name: "Scanner", ...account, protocols: ["smtp"], ...changes });

const signIn = (changes: Partial<Presented>) =>
  authenticateDevice({
    user: ALICE,
    password: "",
    protocol: "smtp",
    address: "192.0.2.7",
    ...changes,
  });

const outcome = async (changes: Partial<Presented>) => (await signIn(changes)).outcome;

describe("a password of a device", () => {
  test("has 32 letters and digits that a printer can type, and is stored as a hash", async () => {
    const { id, password } = await scanner();
    expect(password).toMatch(/^[0-9a-hjkmnp-tv-z]{32}$/);
    const row = await db().device.findUniqueOrThrow({ where: { id } });
    expect(Object.values(row).map(String).join()).not.toContain(password.slice(6));
    expect(row.prefix).toBe(password.slice(0, 6));
  });

  test.each([
    ["as it was shown", (text: string) => text],
    ["in capitals, with spaces", (text: string) => text.toUpperCase().replace(/(.{4})/g, "$1 ")],
  ])("is accepted %s", async (_, typed) => {
    const { id, password } = await scanner();
    expect(await signIn({ password: typed(password) })).toMatchObject({
      outcome: "ok",
      device: { id },
    });
  });

  test("is refused with one letter changed, and the attempt is the device's", async () => {
    const { id, password } = await scanner();
    const wrong = `${password.slice(0, -1)}${password.endsWith("0") ? "2" : "0"}`;
    expect(await signIn({ password: wrong })).toMatchObject({
      outcome: "wrong_password",
      device: { id },
    });
  });

  test("is none of what others are", async () => {
    for (const password of ["", "x", "\0\0\0\0\0\0\0", "😀".repeat(400), "000000"])
      expect(await outcome({ password })).toBe("wrong_password");
  });

  test("that is replaced works no more", async () => {
    const { id, password } = await scanner();
    const rotated = await rotateDevice(ada, { id });
    expect(await outcome({ password })).toBe("wrong_password");
    expect(await outcome({ password: rotated.password })).toBe("ok");
  });
});

test("a device signs in under its name, its account's address and what old clients write", async () => {
  const { password } = await scanner({ name: "Scanner  3rd Floor" });
  for (const user of [
    ...["scanner 3rd floor", ALICE.toUpperCase(), ` ${ALICE}\0`],
    ...[`CONTOSO\\${ALICE}`, `someone@contoso.test\\${ALICE}`],
  ])
    expect(await outcome({ password, user }), user).toBe("ok");
  expect(await outcome({ password, user: "bob@contoso.test" })).toBe("wrong_user");
});

describe("a device whose password is right is refused", () => {
  const limits: [string, Partial<DeviceForm>][] = [
    ["protocol_refused", { protocols: ["imap"] }],
    ["network_refused", { networks: ["10.0.0.0/8"] }],
  ];
  test.each(limits)("as %s", async (expected, changes) => {
    expect(await outcome({ password: (await scanner(changes)).password })).toBe(expected);
  });

  test("after its last day", async () => {
    const { id, password } = await scanner({ expiresOn: "2999-01-01" });
    expect(await outcome({ password })).toBe("ok");
    await db().device.update({ where: { id }, data: { expiresAt: new Date(Date.now() - DAY_MS) } });
    expect(await outcome({ password })).toBe("expired");
    expect((await findDevice(ada, id))?.state).toBe("expired");
  });

  test("while it is paused, and when it is revoked", async () => {
    const { id, password } = await scanner();
    await pauseDevice(ada, { id, paused: true });
    expect(await outcome({ password })).toBe("paused");
    await pauseDevice(ada, { id, paused: false });
    expect(await outcome({ password })).toBe("ok");
    await revokeDevice(ada, { id });
    expect(await outcome({ password })).toBe("revoked");
    expect(await findDevice(ada, id)).toBeNull();
    await expect(rotateDevice(ada, { id })).rejects.toMatchObject({ code: "not_found" });
  });

  test("while its account is inactive, and is gone with its account", async () => {
    const other = await plainAccount();
    const { id, password } = await scanner({ emailAccountId: other });
    await setEmailAccountActive(ada, { id: other, active: false });
    expect(await outcome({ password })).toBe("account_inactive");
    expect([...(await findStanding([id])).keys()]).toEqual([]);
    await deleteEmailAccount(ada, { id: other });
    expect(await findDevice(ada, id)).toBeNull();
    expect(await outcome({ password })).toBe("wrong_password");
  });
});

test("a wrong password is of the only device that has the name, and of none of several", async () => {
  const { id } = await scanner({ name: "Franking machine" });
  const attempt = { user: "franking machine", password: "wrong" };
  expect(await signIn(attempt)).toMatchObject({ device: { id } });
  await scanner({ name: "Franking machine" });
  expect(await signIn(attempt)).toMatchObject({ device: null });
  expect(await signIn({ user: ALICE, password: "wrong" })).toMatchObject({ device: null });
  expect(await signIn({ user: "nobody", password: "wrong" })).toMatchObject({ device: null });
});

test("devices are listed newest first, all, those found or those of an account, without those revoked", async () => {
  const { id } = await scanner({ name: "Newest" });
  const list = async (asked: object = {}) => (await listDevices(ada, asked)).rows;
  const [first] = await list();
  expect(first).toMatchObject({ id, name: "Newest", emailAddress: ALICE, state: "active" });
  expect((await listDevicesOfAccount(ada, account)).rows[0]?.id).toBe(id);
  for (const none of [{ emailAccountId: id }, { protocol: "imap", search: "newest" }])
    expect(await list(none)).toEqual([]);
  expect((await list({ search: ALICE.slice(0, 9) }))[0]?.id).toBe(id);
  expect(await findRevokedDevice(ada, id)).toBeNull();
  await revokeDevice(ada, { id });
  expect(await list({ search: "newest" })).toEqual([]);
  const [revoked] = await list({ search: "newest", view: "revoked" });
  expect(revoked).toMatchObject({ id, state: "revoked", revokedByName: ada.name });
  expect(await findRevokedDevice(ada, id)).toMatchObject({ name: "Newest", ...account });
});

describe("an edit", () => {
  const edited = async (id: string) => {
    const found = await findEditedDevice(ada, id);
    if (!found) throw new Error("It is gone.");
    return { id, ...found };
  };

  test("changes what a device may do, and neither its password nor its history", async () => {
    const { id, password } = await scanner({ name: "Edited" });
    // One that changes nothing is none.
    await updateDevice(ada, await edited(id));
    const changes = {
      name: "Edited twice",
      protocols: ["imap" as const],
      senders: ["Scans@Contoso.test"],
      networks: ["192.0.2.0/24"],
      messagesPerMinute: 7,
      expiresOn: "2999-12-31",
    };
    await updateDevice(ada, { ...(await edited(id)), ...changes });
    expect(await findDevice(ada, id)).toMatchObject({
      ...changes,
      senders: ["scans@contoso.test"],
      version: 2,
    });
    expect(await outcome({ password })).toBe("protocol_refused");
    expect(await outcome({ password, protocol: "imap", user: "edited twice" })).toBe("ok");
    const [event] = await db().auditEvent.findMany({ where: { action: "device.update" } });
    expect(event?.detail).toMatchObject({
      version: 2,
      before: { Protocols: '["smtp"]', "Expires on": null },
      after: { Protocols: '["imap"]', "Expires on": "2999-12-31", "Messages per minute": 7 },
    });
  });
});

test("creating, rotating and revoking are audited without the password", async () => {
  const { id, password } = await scanner();
  const read = await findEditedDevice(ada, id);
  const rotated = await rotateDevice(ada, { id });
  await revokeDevice(ada, { id });
  const late = read && updateDevice(ada, { id, ...read });
  await expect(late).rejects.toMatchObject({ code: "not_found" });
  const events = await db().auditEvent.findMany({
    where: { objectId: id },
    orderBy: { id: "asc" },
  });
  expect(events.map(({ action }) => action)).toEqual([
    "device.create",
    "device.rotate",
    "device.revoke",
  ]);
  const text = JSON.stringify(events.map(({ detail }) => detail));
  for (const secret of [password, rotated.password]) expect(text).not.toContain(secret.slice(6));
});

test("thousands of sessions that end at once are counted, and keep no login waiting", async () => {
  const ids = [(await scanner()).id, (await scanner()).id];
  const gone = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a12";
  const ended = Array.from({ length: 5_000 }, (_, at) =>
    addTraffic({ id: [...ids, gone][at % 3] ?? gone, messages: at % 3, bytes: 100_000 }),
  );
  await turn();
  expect(pool().waitingCount).toBe(0);
  await Promise.all(ended);
  const counted = await db().device.findMany({
    where: { id: { in: ids } },
    orderBy: { createdAt: "asc" },
    select: { messages: true, bytes: true },
  });
  expect(counted.map(({ messages, bytes }) => [Number(messages), Number(bytes)])).toEqual([
    [0, 166_700_000],
    [1_667, 166_700_000],
  ]);
});
