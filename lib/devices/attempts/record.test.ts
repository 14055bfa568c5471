import { expect, test } from "vitest";
import { db, pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withPlainAccount } from "@/lib/testing/colleagues";
import { setReadOnly, withDatabase } from "@/lib/testing/database";
import { createDevice } from "@/lib/testing/made";
import { findDevice } from "../queries";
import { listAttempts, listUnknownAttempts } from "./queries";
import { flushAttempts, recordAttempt } from "./record";
import type { NewAttempt, Outcome } from "./schema";
import { saveAttempts } from "./store";

withDatabase();
const ada = administrator();
const account = withPlainAccount();

const flush = () => flushAttempts({ withinMs: 10_000 });
const saveAttempt = (attempt: NewAttempt) => saveAttempts([attempt]);
/** The attempts that are kept were made two minutes ago. */
const aMinutePasses = () =>
  pool().query(`UPDATE "DeviceAttempt" SET at = at - interval '2 minutes'`);

async function device(name: string) {
  const { id } = await createDevice(ada, { name, ...account, protocols: ["imap", "smtp"] });
  return { id, name };
}

const SAID = { protocol: "imap", client: null, tlsVersion: "TLSv1.3", remedyId: null } as const;
const FAILED = "imap.authenticate_failed";

/** What a new device meets, from one address unless another one is named. */
async function newDevice(name: string) {
  const own = await device(name);
  const where = { id: own.id };
  return {
    meets: (outcome: Outcome, address = "192.0.2.7") => {
      const remedyId = outcome === "server_refused" ? FAILED : null;
      recordAttempt({ ...SAID, outcome, remedyId, device: own, address });
    },
    audited: () => db().auditEvent.count({ where: { objectId: own.id, action: "device.use" } }),
    outcomes: async () => (await listAttempts(ada, own.id)).map(({ outcome }) => outcome).join(" "),
    failureId: async () => (await db().device.findUniqueOrThrow({ where })).failureId,
  };
}

test("more strangers than are kept hide no device, and the last of them are seen", async () => {
  const scanner = await newDevice("Scanner");
  const stranger = { ...SAID, outcome: "wrong_password", device: null } as const;
  scanner.meets("ok");
  for (let at = 0; at < 21_000; at += 1)
    recordAttempt({ ...stranger, address: `2001:db8::${at.toString(16)}` });
  await flush();
  expect(await scanner.outcomes()).toBe("ok");
  expect(await db().deviceAttempt.count({ where: { address: "2001:db8::5207" } })).toBe(1);
});

test("a device that signs in all the time is written once a minute, and one that is refused as it happens", async () => {
  const { meets, outcomes } = await newDevice("Tried");
  const meetsTwice = async (outcome: Outcome) => {
    for (const _ of ["once", "again"]) {
      meets(outcome);
      await flush();
    }
  };
  await meetsTwice("ok");
  expect(await outcomes()).toBe("ok");
  await aMinutePasses();
  await meetsTwice("ok");
  await meetsTwice("paused");
  expect(await outcomes()).toBe("paused ok ok");
});

test("a refusal is told however soon it follows a success, and so is a success behind it", async () => {
  const { meets, outcomes, failureId } = await newDevice("Reader");
  for (let count = 0; count < 30; count += 1) {
    meets("ok");
    meets("server_refused");
  }
  meets("paused");
  await flush();
  expect(await outcomes()).toBe("paused server_refused ok");
  expect(await failureId()).toBe(FAILED);
  meets("ok", "192.0.2.8");
  await flush();
  expect(await failureId()).toBeNull();
});

test("what can't be saved is saved later, in front of what came since", async () => {
  const { meets, outcomes, audited } = await newDevice("Read-only");
  await setReadOnly(pool(), true);
  meets("ok");
  meets("server_refused");
  await flush();
  meets("ok");
  await setReadOnly(pool(), false);
  await flush();
  expect(await outcomes()).toBe("ok server_refused");
  expect(await audited()).toBe(2);
});

test("each address that a device comes from is audited, with how often it came", async () => {
  const { meets, audited } = await newDevice("Fleet");
  for (let at = 0; at < 120; at += 1) meets("ok", `198.51.100.${at % 60}`);
  await flush();
  expect(await audited()).toBe(60);
});

test("what can't be told to be of a device is shown, that from addresses it comes from first", async () => {
  await db().deviceAttempt.deleteMany();
  const early = { ...SAID, outcome: "tls_at_once", device: null } as const;
  const [own, other, moved] = ["192.0.2.10", "192.0.2.11", "198.51.100.10"];
  for (const address of [own, other, moved]) await saveAttempt({ ...early, address });
  const from = async (known?: string[]) =>
    (await listUnknownAttempts(ada, known)).map(({ address }) => address);
  for (const none of [undefined, []]) expect(await from(none)).toEqual([moved, other, own]);
  expect(await from([own, "192.0.2.12"])).toEqual([own, moved, other]);
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
  for (let turn = 0; turn < 50; turn += 1)
    await save({ client: `turn ${turn}`, address: `198.51.100.${turn}` });
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
