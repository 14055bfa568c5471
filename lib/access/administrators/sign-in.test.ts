import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { HOUR_MS, MINUTE_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { setReadOnly, withDatabase } from "@/lib/testing/database";
import { countAttempt } from "../throttles/store";
import { newDevice } from "./devices";
import { type Client, inTurn } from "./hash-turns";
import { knownWait } from "./known-waits";
import { hashPassword, verifyPassword } from "./password-hash";
import { setUpSchema } from "./schema";
import { createInitialAdministrator } from "./set-up";
import { type From, requireTurn, signIn } from "./sign-in";
import {
  createSession,
  deleteEndedSessions,
  deleteSession,
  findSession,
  isSessionAlive,
} from "./store";
import { secondsText } from "./waits";

withDatabase();

const EMAIL = "ada@contoso.test";
const PASSWORD = "a long sentence with caf\u00e9";
const here = "203.0.113.1";
const from = { address: here };

beforeAll(async () => {
  await createInitialAdministrator({ name: "Ada", email: EMAIL, password: PASSWORD });
});

beforeEach(async () => {
  await db().signInThrottle.deleteMany();
  await db().session.deleteMany();
  await db().administrator.updateMany({ data: { disabledAt: null } });
});

const refusal = (input: unknown, changes: From = {}) =>
  signIn(input, { ...from, ...changes }).then(
    () => "signed in",
    ({ code, message }) => ({ code, message }),
  );
const credentials = (changes = {}) => ({ email: EMAIL, password: PASSWORD, ...changes });

/** Statements of this database that wait for another transaction. */
async function waitingForRows(): Promise<number> {
  const rows = await db().$queryRaw<object[]>`
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%Administrator%'`;
  return rows.length;
}

/** As if so many attempts had failed before. */
async function fail(subject: string, times: number) {
  await db().signInThrottle.create({
    data: { subject, failures: times, blockedUntil: new Date(0) },
  });
}

describe("signing in", () => {
  test("begins a session of the person", async () => {
    const began = await signIn(credentials(), from);
    const sessionId = began.kind === "session" ? began.sessionId : "";
    expect(await findSession(sessionId)).toMatchObject({ email: EMAIL, name: "Ada" });
  });

  test("begins another session each time", async () => {
    expect(await signIn(credentials(), from)).not.toEqual(await signIn(credentials(), from));
  });

  test.each([
    ["a new password", { passwordHash: "-" }],
    ["a disabling", { disabledAt: new Date() }],
  ])("with what was right before %s at the same moment leaves no session", async (_what, data) => {
    const { passwordHash } = await db().administrator.findUniqueOrThrow({
      where: { email: EMAIL },
    });
    let signingIn: Promise<unknown> = Promise.resolve();
    await db().$transaction(
      async (tx) => {
        await tx.administrator.update({ where: { email: EMAIL }, data });
        signingIn = refusal(credentials());
        // It has compared the password, and waits for the row.
        await expect.poll(waitingForRows, { timeout: 10_000 }).toBeGreaterThan(0);
        await tx.session.deleteMany();
      },
      { timeout: 15_000 },
    );
    expect(await signingIn).toMatchObject({ code: "unauthenticated" });
    expect(await db().session.count()).toBe(0);
    await db().administrator.updateMany({ data: { passwordHash } });
  });

  test.each([
    ["capitals", { email: "ADA@Contoso.TEST" }],
    ["a full-width at", { email: "ada＠contoso.test" }],
    ["a decomposed accent", { password: PASSWORD.normalize("NFD") }],
  ])("takes %s for what they are", async (_what, changes) => {
    expect(await refusal(credentials(changes))).toBe("signed in");
  });

  test("says the same whether the account or the password is wrong", async () => {
    const wrongPassword = await refusal(credentials({ password: "wrong" }));
    const nobody = await refusal(credentials({ email: "nobody@contoso.test" }));
    await db().administrator.updateMany({ data: { disabledAt: new Date() } });
    const disabled = await refusal(credentials());
    expect(wrongPassword).toMatchObject({ code: "unauthenticated" });
    expect(nobody).toEqual(wrongPassword);
    expect(disabled).toEqual(wrongPassword);
  });

  test.each([
    ["nothing", undefined],
    ["a password of a megabyte", credentials({ password: "p".repeat(1_048_576) })],
    ["more than 1,024 bytes", credentials({ password: "€".repeat(342) })],
    ["200 emoji", credentials({ password: "👩‍🚀".repeat(200) })],
    ["NUL in the address", credentials({ email: "ada\u0000@contoso.test" })],
    ["NUL in the password", credentials({ password: "\u0000" })],
    ["half a surrogate pair", credentials({ email: "\ud800@contoso.test" })],
    ["an object", credentials({ email: { not: "" } })],
    ["an array", credentials({ password: ["x"] })],
    ["an unknown key", credentials({ role: "admin" })],
    ["a wildcard", credentials({ email: "%" })],
  ])("refuses %s like any other wrong input", async (_what, input) => {
    expect(await refusal(input)).toMatchObject({ code: "unauthenticated" });
    expect(await db().session.count()).toBe(0);
  });
});

describe("failures slow down", () => {
  const PAIR = `pair:${EMAIL}|${here}`;

  // Waits that begin at five, and are long enough for a busy machine at eight.
  test("one account from one address", async () => {
    await fail(PAIR, 8);
    expect(await refusal(credentials({ password: "wrong" }))).toMatchObject({
      code: "unauthenticated",
    });
    expect(await refusal(credentials())).toMatchObject({
      code: "too_many_requests",
      message: expect.stringMatching(/Try again in (?:1 second|\d+ seconds)\./),
    });
    // Its owner elsewhere is not kept out.
    expect(await refusal(credentials(), { address: "198.51.100.7" })).toBe("signed in");
  });

  test("an address that tries many accounts, after thirty", async () => {
    await fail(`address:${here}`, 35);
    await refusal(credentials({ email: "one@contoso.test", password: "wrong" }));
    expect(await refusal(credentials())).toMatchObject({ code: "too_many_requests" });
  });

  test("an account that is tried from everywhere, for seconds only", async () => {
    await fail(`account:${EMAIL}`, 5_000);
    await refusal(credentials({ password: "wrong" }));
    const row = await db().signInThrottle.findUniqueOrThrow({
      where: { subject: `account:${EMAIL}` },
    });
    expect(row.blockedUntil.getTime() - Date.now()).toBeLessThanOrEqual(15_000);
  });

  test("without costing a hash while they wait", async () => {
    const blockedUntil = new Date(Date.now() + MINUTE_MS);
    await db().signInThrottle.create({ data: { subject: PAIR, failures: 9, blockedUntil } });
    const before = performance.now();
    await refusal(credentials());
    expect(performance.now() - before).toBeLessThan(100);
  });

  test("and whoever goes on is told so without a look, for seconds", async () => {
    const from = { address: "203.0.113.77" };
    const subject = `pair:${EMAIL}|203.0.113.77`;
    const blockedUntil = new Date(Date.now() + MINUTE_MS);
    await db().signInThrottle.create({ data: { subject, failures: 9, blockedUntil } });
    expect(() => requireTurn(EMAIL, from)).not.toThrow();
    await refusal(credentials(), from);
    await db().signInThrottle.deleteMany();
    const told = expect.objectContaining({ code: "too_many_requests" });
    expect(() => requireTurn(EMAIL, from)).toThrow(told);
    expect(knownWait([subject])).toBeLessThanOrEqual(15_000);
    // Neither another address, nor another account, nor a browser that is known.
    expect(() => requireTurn(EMAIL, { address: "198.51.100.7" })).not.toThrow();
    expect(() => requireTurn("bob@contoso.test", from)).not.toThrow();
    expect(() => requireTurn(EMAIL, { ...from, device: newDevice(EMAIL) })).not.toThrow();
    // A successful sign-in ends it.
    expect(await refusal(credentials(), from)).toBe("signed in");
    expect(() => requireTurn(EMAIL, from)).not.toThrow();
  });

  test("until somebody signs in", async () => {
    await fail(PAIR, 5);
    expect(await refusal(credentials())).toBe("signed in");
    expect(await db().signInThrottle.count({ where: { subject: PAIR } })).toBe(0);
  });

  test("by number, however many come at once: those after the fifth are not even looked at", async () => {
    const throttle = { subject: PAIR, free: 5, maxWaitMs: MINUTE_MS };
    const attempts = await Promise.all(Array.from({ length: 40 }, () => countAttempt([throttle])));
    expect(attempts.filter(Boolean)).toHaveLength(5);
    expect(await refusal(credentials())).toMatchObject({ code: "too_many_requests" });
  });

  test("nobody for what was right", async () => {
    const subjects = [`account:${EMAIL}`, `address:${here}`];
    for (const subject of subjects) await fail(subject, 150);
    for (let count = 0; count < 3; count += 1)
      expect(await refusal(credentials())).toBe("signed in");
    const rows = await db().signInThrottle.findMany({ where: { subject: { in: subjects } } });
    expect(rows.map(({ failures }) => failures)).toEqual([150, 150]);
  });
});

describe("whoever signed in here before", () => {
  let device: string;
  beforeAll(() => {
    device = newDevice(EMAIL);
  });
  /** What a stranger's tries leave behind, without a proxy and with one. */
  const attack = () =>
    db().signInThrottle.createMany({
      data: ["direct", here]
        .flatMap((network) => [`pair:${EMAIL}|${network}`, `address:${network}`])
        .concat(`account:${EMAIL}`)
        .map((subject) => ({
          subject,
          failures: 9_999,
          blockedUntil: new Date(Date.now() + MINUTE_MS),
        })),
    });

  test.each([
    ["without a proxy", { address: undefined }],
    ["from the same address", {}],
  ])("is not delayed by strangers %s", async (_where, changes) => {
    await attack();
    expect(await refusal(credentials(), changes)).toMatchObject({ code: "too_many_requests" });
    expect(await refusal(credentials(), { ...changes, device })).toBe("signed in");
  });

  test("is slowed by the failures of that browser, and slows nobody else", async () => {
    await fail(`device:${device.split(".", 1)[0]}`, 8);
    await refusal(credentials({ password: "wrong" }), { device });
    expect(await refusal(credentials(), { device })).toMatchObject({ code: "too_many_requests" });
    expect(await refusal(credentials())).toBe("signed in");
  });

  test.each([
    ["of another account", () => newDevice("eve@contoso.test")],
    ["of too long ago", () => newDevice(EMAIL, Date.now() - 181 * 24 * HOUR_MS)],
    ["that was cut off", () => device.slice(0, -1)],
    ["that is forged", () => `${"x".repeat(43)}.${device.split(".").slice(1).join(".")}`],
    ["that is none", () => "x"],
  ])("a cookie %s counts for nothing", async (_what, forge) => {
    await attack();
    expect(await refusal(credentials(), { device: forge() })).toMatchObject({
      code: "too_many_requests",
    });
  });
});

describe("where no proxy says who is who", () => {
  const unknown = { address: undefined };

  test("a stranger who tries one account keeps nobody else out, and its owner for seconds only", async () => {
    const stranger = { ...credentials({ password: "wrong" }), email: "bob@contoso.test" };
    await fail("pair:bob@contoso.test|direct", 5_000);
    await refusal(stranger, unknown);
    expect(await refusal(stranger, unknown)).toMatchObject({ code: "too_many_requests" });
    const rows = await db().signInThrottle.findMany();
    for (const { blockedUntil } of rows)
      expect(blockedUntil.getTime()).toBeLessThanOrEqual(Date.now() + 16_000);
    expect(await refusal(credentials(), unknown)).toBe("signed in");
  });
});

describe("hashes are taken in turns", () => {
  const stranger = (name: string) => ({ name, isKnown: false });

  const known = { name: "known", isKnown: true };
  let started: string[];
  let gates: (() => void)[];
  const take = (client: Client) =>
    inTurn(client, () => {
      started.push(client.name);
      return new Promise<void>((open) => gates.push(open));
    });
  const endNext = () => gates.shift()?.();
  beforeEach(() => {
    started = [];
    gates = [];
  });

  test("one at a time for each client, two in all, and those that are known go first", async () => {
    const all = ["a", "a", "b"].map((name) => take(stranger(name)));
    all.push(take(known));
    await expect.poll(() => started).toEqual(["a", "b"]);
    for (const expected of ["known", "a"]) {
      endNext();
      await expect.poll(() => started.at(-1)).toBe(expected);
    }
    for (const open of gates) open();
    await Promise.all(all);
  });

  test("with one for a crowd of strangers, so that whoever is known waits for none of them", async () => {
    const all = ["a", "b", "c", "d"].map((name) => take(stranger(name)));
    await expect.poll(() => started).toEqual(["a", "b"]);
    endNext();
    endNext();
    await expect.poll(() => started).toEqual(["a", "b", "c", "d"]);
    for (const name of ["e", "f", "g"]) all.push(take(stranger(name)));
    endNext();
    endNext();
    await expect.poll(() => started.at(-1)).toBe("e");
    all.push(take(known));
    await expect.poll(() => started.at(-1)).toBe("known");
    expect(started).not.toContain("f");
    while (gates.length > 0) {
      endNext();
      await new Promise((turn) => setTimeout(turn));
    }
    await Promise.all(all);
  });

  test("and whoever finds no place is told at once when to come back", async () => {
    let open = () => {};
    const gate = new Promise<void>((opened) => {
      open = opened;
    });
    const wait = (client: Client) => inTurn(client, () => gate);
    const flood = Array.from({ length: 500 }, (_, at) => wait(stranger(`s${at}`)));
    const one = Array.from({ length: 50 }, () => wait({ name: "one", isKnown: true }));
    const outcomes = Promise.allSettled([...flood, ...one]);
    await expect(wait(stranger("late"))).rejects.toMatchObject({
      code: "too_many_requests",
      retryAfterSeconds: 2,
    });
    open();
    const served = (await outcomes).filter(({ status }) => status === "fulfilled");
    expect(served).toHaveLength(2 + 16 + 4);
  });
});

test.each([
  ["an address", (text: string) => requireTurn(`a${text}@x`, from)],
  ["a new password", (text: string) => setUpSchema.safeParse({ password: text })],
])("%s of nothing but marks costs no more than it is long", (_what, read) => {
  const marks = "\u0315".repeat(30_000) + "\u0300".repeat(30_000);
  const before = performance.now();
  read(marks);
  expect(performance.now() - before).toBeLessThan(100);
});

describe("a session", () => {
  let id: string;
  beforeEach(async () => {
    const { id: administratorId } = await db().administrator.findFirstOrThrow();
    id = await createSession(administratorId);
  });
  const change = (data: { lastSeenAt?: Date; expiresAt?: Date }) =>
    db().session.update({ where: { id }, data });
  const ago = (ms: number) => new Date(Date.now() - ms);

  test.each([
    ["after half an hour without a request", () => change({ lastSeenAt: ago(31 * MINUTE_MS) })],
    ["after twelve hours in any case", () => change({ expiresAt: ago(1) })],
    ["when it is ended", () => deleteSession(id)],
    ["when its person is disabled", () => disable()],
  ])("ends %s", async (_when, end) => {
    expect(await findSession(id)).not.toBeNull();
    await end();
    expect(await findSession(id)).toBeNull();
    expect(await isSessionAlive(id)).toBe(false);
  });

  test("is good for reading while the database takes no writes", async () => {
    await change({ lastSeenAt: ago(5 * MINUTE_MS) });
    await setReadOnly(pool(), true);
    try {
      expect(await findSession(id)).not.toBeNull();
    } finally {
      await setReadOnly(pool(), false);
    }
  });

  test("lives on with each request, for twelve hours at most", async () => {
    await change({ lastSeenAt: ago(29 * MINUTE_MS) });
    await findSession(id);
    const row = await db().session.findUniqueOrThrow({ where: { id } });
    expect(row.lastSeenAt.getTime()).toBeGreaterThan(Date.now() - MINUTE_MS);
    expect(row.expiresAt.getTime()).toBeLessThanOrEqual(Date.now() + 12 * HOUR_MS);
  });

  test("is not kept alive by a stream that stays open", async () => {
    await change({ lastSeenAt: ago(29 * MINUTE_MS) });
    await isSessionAlive(id);
    const row = await db().session.findUniqueOrThrow({ where: { id } });
    expect(row.lastSeenAt.getTime()).toBeLessThan(Date.now() - 28 * MINUTE_MS);
  });

  test("is removed when it has ended", async () => {
    await change({ expiresAt: ago(1) });
    await deleteEndedSessions();
    expect(await db().session.count()).toBe(0);
  });

  async function disable() {
    await db().administrator.updateMany({ data: { disabledAt: new Date() } });
  }
});

describe("a password's hash", () => {
  test("is salted scrypt of the size that OWASP asks for, and only the password opens it", async () => {
    const [one, two] = await Promise.all([hashPassword("secret"), hashPassword("secret")]);
    expect(one).toMatch(/^scrypt\$17\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
    expect(one).not.toBe(two);
    expect(await verifyPassword("secret", one)).toBe(true);
    expect(await verifyPassword("Secret", one)).toBe(false);
  });

  test.each([null, "", "scrypt$17$8$1$$", "plain"])(
    "that is %j opens to nobody",
    async (stored) => {
      expect(await verifyPassword("", stored)).toBe(false);
    },
  );
});

test("a wait of one second is one second", () => {
  expect([1, 2, 90].map(secondsText)).toEqual(["1 second", "2 seconds", "90 seconds"]);
});
