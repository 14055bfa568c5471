import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { HOUR_MS, MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { empty, withDatabase } from "@/lib/testing/database";
import { countAttempt } from "../throttles/store";
import { newBrowser } from "./browsers";
import { inTurn } from "./password-hash";
import { setUpSchema } from "./schema";
import { endSession } from "./sessions";
import { createInitialAdministrator } from "./set-up";
import { type From, signIn } from "./sign-in";

withDatabase();

const EMAIL = "ada@contoso.test";
const PASSWORD = "a long sentence with caf\u00e9";
const here = "203.0.113.1";
const from = { address: here };
const PAIR = `pair:${EMAIL}|${here}`;

beforeAll(() => createInitialAdministrator({ name: "Ada", email: EMAIL, password: PASSWORD }));
beforeEach(async () => {
  await empty("SignInThrottle", "Session");
  await db().administrator.updateMany({ data: { disabledAt: null } });
});

const refusal = (input: unknown, changes: From = {}) =>
  signIn(input, { ...from, ...changes }).then(
    () => "signed in",
    ({ code, message }) => ({ code, message }),
  );
const credentials = (changes = {}) => ({ email: EMAIL, password: PASSWORD, ...changes });
const wrong = credentials({ password: "wrong" });
const REFUSED = { code: "unauthenticated" };
const TOO_MANY = { code: "too_many_requests" };

/** Statements of this database that wait for another transaction. */
async function waitingForRows(): Promise<number> {
  const rows = await db().$queryRaw<object[]>`
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%Administrator%'`;
  return rows.length;
}

/** As if so many attempts had failed before. */
const fail = (subject: string, failures: number, waitMs = -Date.now()) =>
  db().signInThrottle.create({
    data: { subject, failures, blockedUntil: new Date(Date.now() + waitMs) },
  });

describe("signing in", () => {
  test.each([
    ["a new password", { passwordHash: "-" }],
    ["a disabling", { disabledAt: new Date() }],
  ])("with what was right before %s at the same moment leaves no session", async (_what, data) => {
    const where = { email: EMAIL };
    const { passwordHash } = await db().administrator.findUniqueOrThrow({ where });
    let signingIn: Promise<unknown> = Promise.resolve();
    await db().$transaction(
      async (tx) => {
        await tx.administrator.update({ where, data });
        signingIn = refusal(credentials());
        // It has compared the password, and waits for the row.
        await expect.poll(waitingForRows).toBeGreaterThan(0);
        await tx.session.deleteMany();
      },
      { timeout: 30_000 },
    );
    expect(await signingIn).toMatchObject(REFUSED);
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
    const wrongPassword = await refusal(wrong);
    const nobody = await refusal(credentials({ email: "nobody@contoso.test" }));
    await db().administrator.updateMany({ data: { disabledAt: new Date() } });
    expect(wrongPassword).toMatchObject(REFUSED);
    expect([nobody, await refusal(credentials())]).toEqual([wrongPassword, wrongPassword]);
  });

  test.each([
    ["more than 1,024 bytes", credentials({ password: "€".repeat(342) })],
    ["NUL in the address", credentials({ email: "ada\u0000@contoso.test" })],
    ["half a surrogate pair", credentials({ email: "\ud800@contoso.test" })],
    ["an object", credentials({ email: { not: "" } })],
    ["an unknown key", credentials({ role: "admin" })],
    ["a wildcard", credentials({ email: "%" })],
  ])("refuses %s like any other wrong input", async (_what, input) => {
    expect(await refusal(input)).toMatchObject(REFUSED);
    expect(await db().session.count()).toBe(0);
  });

  test("is told in the trail, with who was refused and who left, and from where", async () => {
    const trail = async () => {
      const select = { action: true, actorName: true, objectName: true, address: true } as const;
      const rows = await db().auditEvent.findMany({ orderBy: { id: "desc" }, take: 3, select });
      return rows.reverse().map((row) => Object.values(row).join(" · "));
    };
    const began = await signIn(credentials(), from);
    await refusal(wrong, { address: "203.0.113.2" });
    const sessionId = began.kind === "session" ? began.sessionId : "";
    await endSession(sessionId, from);
    await endSession(sessionId, {});
    expect(await trail()).toEqual([
      "session.begin · Ada · Ada · 203.0.113.1",
      "session.refuse · Someone · Ada · 203.0.113.2",
      "session.end · Ada · Ada · 203.0.113.1",
    ]);
    // Nothing of what was typed where there is no such administrator: it may be a password.
    await refusal(credentials({ email: "my password by mistake" }));
    expect((await trail()).at(-1)).toBe("session.refuse · Someone ·  · 203.0.113.1");
  });
});

describe("failures slow down", () => {
  // Waits that begin at five, and are long enough for a busy machine at eight.
  test("one account from one address", async () => {
    await fail(PAIR, 8);
    expect(await refusal(wrong)).toMatchObject(REFUSED);
    expect(await refusal(credentials())).toMatchObject({
      ...TOO_MANY,
      message: expect.stringMatching(/Try again in (?:1 second|\d+ seconds)\./),
    });
    // Its owner elsewhere is not kept out.
    expect(await refusal(credentials(), { address: "198.51.100.7" })).toBe("signed in");
  });

  test("an address that tries many accounts, after thirty", async () => {
    await fail(`address:${here}`, 35);
    await refusal(credentials({ email: "one@contoso.test", password: "wrong" }));
    expect(await refusal(credentials())).toMatchObject(TOO_MANY);
  });

  test("an account that is tried from everywhere, for seconds only", async () => {
    const subject = `account:${EMAIL}`;
    await fail(subject, 5_000);
    await refusal(wrong);
    const row = await db().signInThrottle.findUniqueOrThrow({ where: { subject } });
    expect(row.blockedUntil.getTime() - Date.now()).toBeLessThanOrEqual(15_000);
  });

  test("without costing a hash while they wait", async () => {
    await fail(PAIR, 9, MINUTE_MS);
    let open = () => {};
    const gate = new Promise<void>((opened) => {
      open = opened;
    });
    // Whoever asks for a hash waits behind these.
    const hashing = Array.from({ length: 16 }, () => inTurn("stranger", () => gate));
    const refused = await refusal(credentials());
    open();
    await Promise.all(hashing);
    const message = expect.stringMatching(/Try again in \d+ seconds\./);
    expect(refused).toMatchObject({ ...TOO_MANY, message });
  });

  test("until somebody signs in", async () => {
    await fail(PAIR, 5);
    expect(await refusal(credentials())).toBe("signed in");
    expect(await db().signInThrottle.count({ where: { subject: PAIR } })).toBe(0);
  });

  test("by number, however many come at once: those after the fifth are not even looked at", async () => {
    const throttle = { subject: PAIR, free: 5, maxWaitMs: MINUTE_MS };
    const attempts = Array.from({ length: 40 }, () => countAttempt([throttle]).catch(() => null));
    expect((await Promise.all(attempts)).filter(Boolean)).toHaveLength(5);
    expect(await refusal(credentials())).toMatchObject(TOO_MANY);
  });

  test("nobody for what was right", async () => {
    const subjects = [`account:${EMAIL}`, `address:${here}`];
    for (const subject of subjects) await fail(subject, 150);
    for (let count = 0; count < 3; count += 1)
      expect(await refusal(credentials())).toBe("signed in");
    const rows = await db().signInThrottle.findMany({ where: { subject: { in: subjects } } });
    expect(rows.map(({ failures }) => failures)).toEqual([150, 150]);
  });

  test("where no proxy says who is who, nobody else, and the account's owner for seconds only", async () => {
    const unknown = { address: undefined };
    const stranger = { ...wrong, email: "bob@contoso.test" };
    await fail("pair:bob@contoso.test|direct", 5_000);
    await refusal(stranger, unknown);
    expect(await refusal(stranger, unknown)).toMatchObject(TOO_MANY);
    for (const { blockedUntil } of await db().signInThrottle.findMany())
      expect(blockedUntil.getTime()).toBeLessThanOrEqual(Date.now() + 16_000);
    expect(await refusal(credentials(), unknown)).toBe("signed in");
  });
});

describe("whoever signed in here before", () => {
  let browser: string;
  beforeAll(() => {
    browser = newBrowser(EMAIL);
  });
  /** What a stranger's tries leave behind, without a proxy and with one. */
  const attack = () =>
    Promise.all(
      ["direct", here]
        .flatMap((network) => [`pair:${EMAIL}|${network}`, `address:${network}`])
        .concat(`account:${EMAIL}`)
        .map((subject) => fail(subject, 9_999, MINUTE_MS)),
    );

  test.each([
    ["without a proxy", { address: undefined }],
    ["from the same address", {}],
  ])("is not delayed by strangers %s", async (_where, changes) => {
    await attack();
    expect(await refusal(credentials(), changes)).toMatchObject(TOO_MANY);
    expect(await refusal(credentials(), { ...changes, browser })).toBe("signed in");
  });

  test("is slowed by the failures of that browser, and slows nobody else", async () => {
    await fail(`browser:${browser.split(".", 1)[0]}`, 8);
    await refusal(wrong, { browser });
    expect(await refusal(credentials(), { browser })).toMatchObject(TOO_MANY);
    expect(await refusal(credentials())).toBe("signed in");
  });

  test("is not known by a cookie of another account, of too long ago, or that is forged", async () => {
    await attack();
    for (const cookie of [
      newBrowser("eve@contoso.test"),
      newBrowser(EMAIL, Date.now() - 181 * 24 * HOUR_MS),
      browser.slice(0, -1),
      `${"x".repeat(43)}.${browser.split(".").slice(1).join(".")}`,
      "x",
    ])
      expect(await refusal(credentials(), { browser: cookie })).toMatchObject(TOO_MANY);
  });
});

test.each([
  ["an address", (text: string) => refusal({ email: `a${text}@x`, password: "x" })],
  ["a new password", (text: string) => setUpSchema.safeParse({ password: text })],
])(
  "%s of nothing but marks is not composed, which takes the square of its length",
  (_what, read) => {
    const composed = vi.spyOn(String.prototype, "normalize");
    read("\u0315".repeat(30_000) + "\u0300".repeat(30_000));
    const lengths = composed.mock.contexts.map((text) => `${text}`.length);
    composed.mockRestore();
    expect(Math.max(0, ...lengths)).toBeLessThan(2_000);
  },
);
