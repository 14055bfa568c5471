import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, test, vi } from "vitest";
import { db } from "@/lib/kernel/db";
import { log } from "@/lib/kernel/log";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { createDevice } from "../mutations";
import { findDevice } from "../queries";
import { listAttempts, listUnknownAttempts } from "./queries";
import { flushAttempts, recordAttempt } from "./record";
import type { NewAttempt, Outcome } from "./schema";
import { saveAttempt } from "./store";

const sandbox = withInstallation();
const ada = administrator();
let emailAccountId: string;

beforeAll(async () => {
  ({ emailAccountId } = await connectedAccount(ada, sandbox()));
});

async function device(name: string) {
  const { id } = await createDevice(ada, { name, emailAccountId, protocols: ["imap", "smtp"] });
  return { id, name };
}

const SAID = { protocol: "imap", client: null, tlsVersion: "TLSv1.3", remedyId: null } as const;

const ofStranger = (at: number): NewAttempt => ({
  ...SAID,
  outcome: "wrong_password",
  device: null,
  address: `2001:db8::${at.toString(16)}`,
});

const outcomes = async (id: string) =>
  (await listAttempts(ada, id)).map(({ outcome }) => outcome).join(" ");

test("strangers from more addresses than are remembered hide no device", async () => {
  const scanner = await device("Scanner");
  const strangers = Array.from({ length: 25_000 }, (_, at) => recordAttempt(ofStranger(at)));
  const mine = { ...SAID, device: scanner, address: "192.0.2.1" };
  await Promise.all([...strangers, recordAttempt({ ...mine, outcome: "ok" })]);
  expect(await outcomes(scanner.id)).toBe("ok");
  // Nor are new strangers unknown from then on: the next second has room for them.
  await expect
    .poll(async () => {
      await recordAttempt({ ...ofStranger(0), address: "198.51.100.7" });
      return db().deviceAttempt.count({ where: { address: "198.51.100.7" } });
    })
    .toBe(1);
});

test("a success behind a failure is written at once, whoever else failed", async () => {
  const { id, name } = await device("Copier");
  const attempt = (outcome: Outcome) =>
    recordAttempt({ ...SAID, outcome, device: { id, name }, address: "192.0.2.2" });
  await attempt("ok");
  await attempt("wrong_password");
  await attempt("ok");
  await attempt("ok");
  expect(await outcomes(id)).toBe("ok wrong_password ok");
});

test("who tries a device again sees each success, and one that comes all the time is written once a minute", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  try {
    const { id, name } = await device("Tried");
    const succeeds = () =>
      recordAttempt({ ...SAID, outcome: "ok", device: { id, name }, address: "192.0.2.21" });
    const told = () => db().deviceAttempt.count({ where: { deviceId: id } });
    await succeeds();
    await succeeds();
    expect(await told()).toBe(1);
    vi.advanceTimersByTime(3_000);
    await succeeds();
    expect(await told()).toBe(2);
    for (let count = 0; count < 57; count += 1) {
      vi.advanceTimersByTime(3_000);
      await succeeds();
    }
    // In three minutes: the first one, five tries, and one for each minute since.
    expect(await told()).toBe(8);
  } finally {
    vi.useRealTimers();
  }
});

test("a refusal is told however soon it follows a success, and so is a success behind it", async () => {
  const { id, name } = await device("Reader");
  const attempt = (outcome: Outcome, address: string) =>
    recordAttempt({
      ...SAID,
      outcome,
      device: { id, name },
      address,
      remedyId: outcome === "ok" ? null : "imap.authenticate_failed",
    });
  const [one, other] = ["192.0.2.5", "192.0.2.6"];
  await Promise.all([
    ...[attempt("ok", one), attempt("server_refused", one)],
    ...[attempt("ok", other), attempt("server_refused", one), attempt("server_refused", one)],
  ]);
  expect(await outcomes(id)).toBe("server_refused ok server_refused ok");
  const failed = () => db().device.findUniqueOrThrow({ where: { id } });
  expect(await failed()).toMatchObject({ failureId: "imap.authenticate_failed" });
});

test("outcomes that alternate are told a few times a second, and the last of them in any case", async () => {
  const { id, name } = await device("Loop");
  const startedAt = performance.now();
  const attempt = (outcome: Outcome) =>
    recordAttempt({ ...SAID, outcome, device: { id, name }, address: "192.0.2.7" });
  for (let count = 0; count < 30; count += 1) {
    void attempt("ok");
    void attempt("server_refused");
  }
  const told = () => db().deviceAttempt.count({ where: { deviceId: id } });
  const last = async () => (await listAttempts(ada, id))[0]?.outcome;
  await expect.poll(last).toBe("server_refused");
  await sleep(1_500);
  expect(await last()).toBe("server_refused");
  const seconds = Math.ceil((performance.now() - startedAt) / 1_000) + 1;
  expect(await told()).toBeLessThanOrEqual(5 * seconds);
});

test("a refusal that waits to be told is told, whatever came behind it that says nothing of the mailbox", async () => {
  const { id, name } = await device("Refused");
  const attempt = (outcome: Outcome) => {
    const remedyId = outcome === "server_refused" ? "imap.authenticate_failed" : null;
    const said = { ...SAID, outcome, remedyId, device: { id, name }, address: "192.0.2.22" };
    return recordAttempt(said);
  };
  const failureId = async () => (await db().device.findUniqueOrThrow({ where: { id } })).failureId;
  for (let count = 0; count < 30; count += 1)
    void attempt(count % 2 === 0 ? "ok" : "server_refused");
  for (const outcome of ["paused", "too_fast", "paused"] as const) void attempt(outcome);
  await sleep(2_500);
  expect(await failureId()).toBe("imap.authenticate_failed");
  // A success ends it, and is told as well.
  for (let count = 0; count < 30; count += 1)
    void attempt(count % 2 === 0 ? "server_refused" : "ok");
  void attempt("paused");
  await sleep(2_500);
  expect(await failureId()).toBeNull();
}, 20_000);

test("what waits to be told is told when the process stops", async () => {
  const { id, name } = await device("Stopping");
  const attempt = (outcome: Outcome) =>
    recordAttempt({ ...SAID, outcome, device: { id, name }, address: "192.0.2.9" });
  for (let count = 0; count < 30; count += 1)
    void attempt(count % 2 === 0 ? "ok" : "server_refused");
  await flushAttempts({ withinMs: 5_000 });
  expect((await listAttempts(ada, id))[0]?.outcome).toBe("server_refused");
});

test("of many devices that come first in one second, what became of each is told", async () => {
  const devices = await Promise.all(Array.from({ length: 30 }, (_, at) => device(`First ${at}`)));
  for (const each of devices)
    void recordAttempt({ ...SAID, outcome: "server_refused", device: each, address: "192.0.2.8" });
  const told = () =>
    db().deviceAttempt.count({ where: { deviceId: { in: devices.map(({ id }) => id) } } });
  await expect.poll(told, { timeout: 15_000, interval: 200 }).toBe(30);
}, 30_000);

test("of devices that sign in at once each is audited, and no more of them within a second", async () => {
  const scanner = await device("Fleet");
  const audited = () =>
    db().auditEvent.count({ where: { objectId: scanner.id, action: "device.use" } });
  const comes = (at: number) =>
    recordAttempt({ ...SAID, outcome: "ok", device: scanner, address: `198.51.100.${at}` });
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: 100 }, (_, at) => comes(at)));
  const seconds = Math.ceil((performance.now() - startedAt) / 1_000) + 1;
  expect(await audited()).toBeLessThanOrEqual(20 * seconds);
  await expect.poll(audited, { timeout: 20_000, interval: 200 }).toBe(100);
});

test("who got in and waits to be audited is told when the process stops", async () => {
  const scanner = await device("Stopped");
  const comes = (at: number) =>
    recordAttempt({ ...SAID, outcome: "ok", device: scanner, address: `203.0.113.${at}` });
  await Promise.all(Array.from({ length: 60 }, (_, at) => comes(at)));
  void comes(100);
  await flushAttempts({ withinMs: 5_000 });
  const where = { objectId: scanner.id, action: "device.use" };
  expect(await db().auditEvent.count({ where })).toBe(61);
  // Nothing is told twice.
  await sleep(1_500);
  expect(await db().auditEvent.count({ where })).toBe(61);
});

test("what waited to be audited and is under way is told as well when the process stops", async () => {
  const scanner = await device("Stopped within");
  const where = { objectId: scanner.id, action: "device.use" };
  const audited = () => db().auditEvent.count({ where });
  const comes = (at: number) =>
    recordAttempt({ ...SAID, outcome: "ok", device: scanner, address: `203.0.113.${at}` });
  await db().$transaction(
    async (tx) => {
      await tx.$executeRaw`LOCK TABLE "AuditEvent" IN EXCLUSIVE MODE`;
      // One more than a second has room for: it waits for the next one.
      await sleep(1_000 - (performance.now() % 1_000));
      for (let at = 0; at < 21; at += 1) void comes(at);
      await sleep(1_200);
      const warned = vi.spyOn(log, "warn");
      await flushAttempts({ withinMs: 50 });
      expect(warned).toHaveBeenCalledWith({ attempts: 21 }, expect.any(String));
      warned.mockRestore();
    },
    { timeout: 10_000 },
  );
  await flushAttempts({ withinMs: 5_000 });
  expect(await audited()).toBe(21);
});

test("what can't be told to be of a device is shown, that from addresses it comes from first", async () => {
  await db().deviceAttempt.deleteMany();
  const early = { ...SAID, outcome: "tls_at_once", device: null } as const;
  const [own, other, moved] = ["192.0.2.10", "192.0.2.11", "198.51.100.10"];
  for (const address of [own, other, own, moved]) await saveAttempt({ ...early, address });
  const from = async (known?: string[]) =>
    (await listUnknownAttempts(ada, known)).map(({ address }) => address);
  for (const none of [undefined, []]) expect(await from(none)).toEqual([moved, own, other, own]);
  expect(await from([own, own, "192.0.2.12"])).toEqual([own, own, moved, other]);
});

test("the last fifty attempts of a device are kept, and what became of it is with the device", async () => {
  const own = await device("Franking machine");
  const other = await device("Other one of the account");
  const refused = { outcome: "server_refused", remedyId: "imap.authenticate_failed" } as const;
  const save = (attempt: Partial<NewAttempt>) =>
    saveAttempt({ ...SAID, outcome: "ok", device: own, address: "192.0.2.3", ...attempt });
  await save({ ...refused, device: other });
  await save(refused);
  const failure = (id: string) =>
    db().device.findUniqueOrThrow({ where: { id }, select: { failureId: true, failedAt: true } });
  expect(await failure(own.id)).toMatchObject({ failureId: refused.remedyId });
  // Of another protocol: it says nothing about this one.
  await save({ protocol: "smtp" });
  expect(await failure(other.id)).toMatchObject({ failureId: refused.remedyId });
  for (let turn = 0; turn < 50; turn += 1) await save({ client: `turn ${turn}` });
  for (const { id } of [own, other])
    expect(await failure(id)).toEqual({ failureId: null, failedAt: null });
  const kept = await listAttempts(ada, own.id);
  expect(kept.map(({ client }) => client)).toEqual(
    Array.from({ length: 50 }, (_, at) => `turn ${49 - at}`),
  );
  expect(await db().deviceAttempt.count({ where: { deviceId: own.id } })).toBe(50);
  expect(await findDevice(ada, own.id)).toMatchObject({ lastClient: "turn 49" });
});

test("an attempt of a device that was deleted meanwhile is nobody's", async () => {
  const gone = { id: "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a11", name: "Gone" };
  await saveAttempt({ ...SAID, outcome: "ok", device: gone, address: "192.0.2.4" });
  expect(await db().deviceAttempt.count({ where: { address: "192.0.2.4" } })).toBe(0);
});
