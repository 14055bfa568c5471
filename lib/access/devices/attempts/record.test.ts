import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { HOUR_MS, SECOND_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { plainAccount } from "@/lib/testing/colleagues";
import { withDatabase } from "@/lib/testing/database";
import { createDevice } from "../mutations";
import { findDevice } from "../queries";
import { listAttempts, listUnknownAttempts } from "./queries";
import { flushAttempts, recordAttempt } from "./record";
import type { NewAttempt, Outcome } from "./schema";
import { saveAttempt } from "./store";

withDatabase();
const ada = administrator();
let emailAccountId: string;

beforeAll(async () => {
  emailAccountId = await plainAccount();
});
// Each test begins an hour after the one before, and its seconds last until it says so.
let tests = 0;
beforeEach(() => {
  const now = performance.now();
  vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] });
  tests += 1;
  vi.advanceTimersByTime(now + tests * HOUR_MS);
});
afterEach(() => vi.useRealTimers());

const pass = (seconds: number) => vi.advanceTimersByTime(seconds * SECOND_MS);
const flush = () => flushAttempts({ withinMs: 10_000 });

async function device(name: string) {
  const { id } = await createDevice(ada, { name, emailAccountId, protocols: ["imap", "smtp"] });
  return { id, name };
}

const SAID = { protocol: "imap", client: null, tlsVersion: "TLSv1.3", remedyId: null } as const;
const FAILED = "imap.authenticate_failed";

/** What a new device meets, from one address unless another one is named. */
async function newDevice(name: string) {
  const own = await device(name);
  const where = { id: own.id };
  return {
    id: own.id,
    meets: (outcome: Outcome, address = "192.0.2.7") => {
      const remedyId = outcome === "server_refused" ? FAILED : null;
      return recordAttempt({ ...SAID, outcome, remedyId, device: own, address });
    },
    /** One after the other, without a pause. */
    alternates: (one: Outcome, other: Outcome, meets: (outcome: Outcome) => Promise<void>) => {
      for (let count = 0; count < 30; count += 1) void meets(count % 2 === 0 ? one : other);
    },
    told: () => db().deviceAttempt.count({ where: { deviceId: own.id } }),
    audited: () => db().auditEvent.count({ where: { objectId: own.id, action: "device.use" } }),
    outcomes: async () => (await listAttempts(ada, own.id)).map(({ outcome }) => outcome).join(" "),
    failureId: async () => (await db().device.findUniqueOrThrow({ where })).failureId,
  };
}

test("strangers from more addresses than are remembered hide no device", async () => {
  const scanner = await newDevice("Scanner");
  const stranger = (address: string) =>
    recordAttempt({ ...SAID, outcome: "wrong_password", device: null, address });
  const strangers = Array.from({ length: 21_000 }, (_, at) =>
    stranger(`2001:db8::${at.toString(16)}`),
  );
  await Promise.all([...strangers, scanner.meets("ok")]);
  expect(await scanner.outcomes()).toBe("ok");
  // Nor are new strangers unknown from then on: the next second has room for them.
  pass(1);
  await stranger("198.51.100.7");
  expect(await db().deviceAttempt.count({ where: { address: "198.51.100.7" } })).toBe(1);
});

test("who tries a device again sees each success, and one that comes all the time is written once a minute", async () => {
  const { meets, told } = await newDevice("Tried");
  await meets("ok");
  await meets("ok");
  expect(await told()).toBe(1);
  pass(3);
  await meets("ok");
  expect(await told()).toBe(2);
  for (let count = 0; count < 57; count += 1) {
    pass(3);
    await meets("ok");
  }
  // In three minutes: the first one, five tries, and one for each minute since.
  expect(await told()).toBe(8);
});

test("a refusal is told however soon it follows a success, and so is a success behind it", async () => {
  const { meets, outcomes, failureId } = await newDevice("Reader");
  const [one, other] = ["192.0.2.5", "192.0.2.6"];
  await Promise.all([
    ...[meets("ok", one), meets("server_refused", one)],
    ...[meets("ok", other), meets("server_refused", one), meets("server_refused", one)],
  ]);
  expect(await outcomes()).toBe("server_refused ok server_refused ok");
  expect(await failureId()).toBe(FAILED);
});

test("outcomes that alternate are told a few times a second, and the last of them in any case", async () => {
  const { meets, alternates, told, outcomes } = await newDevice("Loop");
  alternates("ok", "server_refused", meets);
  await expect.poll(told).toBe(5);
  pass(1);
  await expect.poll(outcomes).toMatch(/^server_refused /);
  await flush();
  expect(await outcomes()).toMatch(/^server_refused /);
  expect(await told()).toBeLessThanOrEqual(6);
});

test("a refusal that waits to be told is told, whatever came behind it that says nothing of the mailbox", async () => {
  const { meets, alternates, failureId } = await newDevice("Refused");
  alternates("ok", "server_refused", meets);
  for (const outcome of ["paused", "too_fast", "paused"] as const) void meets(outcome);
  pass(1);
  await expect.poll(failureId).toBe(FAILED);
  await flush();
  expect(await failureId()).toBe(FAILED);
  // A success ends it, and is told as well.
  pass(1);
  alternates("server_refused", "ok", meets);
  void meets("paused");
  pass(1);
  await expect.poll(failureId).toBeNull();
  await flush();
  expect(await failureId()).toBeNull();
});

test("what waits to be told is told when the process stops", async () => {
  const { meets, alternates, outcomes } = await newDevice("Stopping");
  alternates("ok", "server_refused", meets);
  await flush();
  expect(await outcomes()).toMatch(/^server_refused /);
});

test("of devices that sign in at once each is audited, and no more of them within a second", async () => {
  const { meets, audited } = await newDevice("Fleet");
  await Promise.all(Array.from({ length: 45 }, (_, at) => meets("ok", `198.51.100.${at}`)));
  for (const count of [20, 40, 45]) {
    await expect.poll(audited).toBe(count);
    pass(1);
  }
});

test("who got in and waits to be audited is told once, when the process stops", async () => {
  const { meets, audited } = await newDevice("Stopped");
  await Promise.all(Array.from({ length: 60 }, (_, at) => meets("ok", `203.0.113.${at}`)));
  void meets("ok", "203.0.113.100");
  await flush();
  expect(await audited()).toBe(61);
  pass(2);
  await flush();
  expect(await audited()).toBe(61);
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
  const refused = { outcome: "server_refused", remedyId: FAILED } as const;
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
  const newestFirst = Array.from({ length: 50 }, (_, at) => `turn ${49 - at}`);
  expect(kept.map(({ client }) => client)).toEqual(newestFirst);
  expect(await db().deviceAttempt.count({ where: { deviceId: own.id } })).toBe(50);
  expect(await findDevice(ada, own.id)).toMatchObject({ lastClient: "turn 49" });
});

test("an attempt of a device that was deleted meanwhile is nobody's", async () => {
  const gone = { id: "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a11", name: "Gone" };
  await saveAttempt({ ...SAID, outcome: "ok", device: gone, address: "192.0.2.4" });
  expect(await db().deviceAttempt.count({ where: { address: "192.0.2.4" } })).toBe(0);
});
