import { Secret, TOTP } from "otpauth";
import { beforeEach, describe, expect, test } from "vitest";
import { HOUR_MS, SECOND_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { empty, withDatabase } from "@/lib/testing/database";
import { signedIn } from "@/lib/testing/signed-in";
import { endSessionsOf } from "../administrators/mutations";
import { hashPassword } from "../administrators/password-hash";
import { listOwnSessions } from "../administrators/queries";
import { signIn } from "../administrators/sign-in";
import { createSession, findSession, isSessionAlive } from "../administrators/store";
import { createPasswordLinkOnHost, usePasswordLink } from "../passwords/mutations";
import {
  beginAuthenticator,
  confirmAuthenticator,
  removeAuthenticator,
  removeFactorsOf,
  renewRecoveryCodes,
  setSecondFactorRoles,
} from "./mutations";
import { finishSignIn, proveOneself } from "./proof";
import { findFactors, findProofMethods } from "./queries";
import { createPending, deleteOldCeremonies } from "./store";

withDatabase();

const EMAIL = "ada@contoso.test";
const PASSWORD = "a long sentence with an end";
const from = { address: "203.0.113.1" };
const hash = hashPassword(PASSWORD);
let adaId: string;

beforeEach(async () => {
  await empty("SignInThrottle", "Administrator");
  await db().installation.updateMany({ data: { secondFactorRoles: [] } });
  const person = { name: "Ada", email: EMAIL, passwordHash: await hash };
  adaId = (await db().administrator.create({ data: person, select: { id: true } })).id;
  await signedIn(ada());
});

const ada = (sessionId = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10") => ({
  ...administrator("Ada"),
  id: adaId,
  sessionId,
});

async function codeOf(secret: string, offsetMs = 0): Promise<string> {
  const timestamp = (await databaseNow(offsetMs)).getTime();
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
}

async function setUpApp() {
  const { secret } = await beginAuthenticator(ada());
  const codes = await confirmAuthenticator(ada(), { code: await codeOf(secret) });
  // The step of the confirmation is spent: the next code is one of the next half minute.
  const nextCode = () => codeOf(secret, 30 * SECOND_MS);
  return { secret, codes, nextCode };
}

async function passPassword(): Promise<string> {
  const began = await signIn({ email: EMAIL, password: PASSWORD }, from);
  if (began.kind !== "second_factor") throw new Error("No second factor was asked for.");
  return began.token;
}

const outcome = (work: Promise<unknown>) =>
  work.then(
    () => "in",
    ({ code, message }) => ({ code, message }),
  );

describe("setting up an authenticator app", () => {
  test("counts once a right code was shown, and gives ten recovery codes", async () => {
    const { secret, qrCode } = await beginAuthenticator(ada());
    expect(qrCode).toMatch(/^<svg /);
    expect((await signIn({ email: EMAIL, password: PASSWORD }, from)).kind).toBe("session");
    expect(await confirmAuthenticator(ada(), { code: await codeOf(secret) })).toHaveLength(10);
    expect((await signIn({ email: EMAIL, password: PASSWORD }, from)).kind).toBe("second_factor");
    expect(await findFactors(ada())).toMatchObject({
      authenticatorSince: expect.any(Date),
      recoveryCodesLeft: 10,
    });
    const row = await db().authenticator.findFirstOrThrow();
    expect(row.secretSealed).toMatch(/^v2\./);
  });

  test("makes its session one of two factors and ends the person's others, as its removal does", async () => {
    const [here, there] = [await createSession(adaId), await createSession(adaId)];
    const { secret } = await beginAuthenticator(ada(here));
    await confirmAuthenticator(ada(here), { code: await codeOf(secret) });
    expect(await findSession(here)).toMatchObject({ isProvenLately: true });
    expect(await findSession(there)).toBeNull();
    const later = await createSession(adaId);
    const underWay = await passPassword();
    await removeAuthenticator(ada(here));
    expect(await findSession(here)).not.toBeNull();
    expect(await findSession(later)).toBeNull();
    await expect(finishSignIn({ code: "123456" }, underWay, from)).rejects.toThrow(/took too long/);
  });
});

describe("the second half of a sign-in", () => {
  test("begins the session, which there was none of before", async () => {
    const { nextCode } = await setUpApp();
    await db().session.deleteMany();
    const token = await passPassword();
    expect(await db().session.count()).toBe(0);
    // As a keyboard in Arabic types them.
    const code = (await nextCode()).replace(/\d/g, (digit) => "٠١٢٣٤٥٦٧٨٩"[Number(digit)] ?? "");
    const { sessionId, email } = await finishSignIn({ code }, token, from);
    expect(email).toBe(EMAIL);
    expect(await listOwnSessions(ada(sessionId))).toMatchObject([{ method: "totp" }]);
  });

  test("refuses a code that was used, also of two at the same moment", async () => {
    const { nextCode } = await setUpApp();
    const code = await nextCode();
    await db().session.deleteMany();
    const tokens = [await passPassword(), await passPassword()];
    const both = await Promise.all(
      tokens.map((token) => outcome(finishSignIn({ code }, token, from))),
    );
    expect(both.filter((each) => each === "in")).toHaveLength(1);
    expect(both.find((each) => each !== "in")).toMatchObject({
      code: "unauthenticated",
      message: expect.stringMatching(/already used/),
    });
    const again = await outcome(finishSignIn({ code }, await passPassword(), from));
    expect(again).toMatchObject({ message: expect.stringMatching(/already used/) });
    expect(await db().session.count()).toBe(1);
  });

  test.each([
    ["sessions are ended", () => endSessionsOf(ada(), { administratorId: adaId })],
    [
      "account is disabled",
      () => db().administrator.updateMany({ data: { disabledAt: new Date() } }),
    ],
  ])("is over when the person's %s", async (_when, end) => {
    const { nextCode } = await setUpApp();
    const token = await passPassword();
    await end();
    const finished = outcome(finishSignIn({ code: await nextCode() }, token, from));
    expect(await finished).toMatchObject({ code: "unauthenticated" });
  });

  test("is bound to its browser, and over after five minutes or five tries", async () => {
    const { nextCode } = await setUpApp();
    const code = await nextCode();
    const over = { code: "unauthenticated", message: expect.stringMatching(/Start again/) };
    expect(await outcome(finishSignIn({ code }, undefined, from))).toMatchObject(over);
    expect(await outcome(finishSignIn({ code }, "x".repeat(43), from))).toMatchObject(over);
    const late = await passPassword();
    await db().pendingSignIn.updateMany({ data: { expiresAt: await databaseNow(-SECOND_MS) } });
    expect(await outcome(finishSignIn({ code }, late, from))).toMatchObject(over);
    await deleteOldCeremonies();
    expect(await db().pendingSignIn.count()).toBe(0);

    const token = await passPassword();
    for (let tries = 0; tries < 5; tries += 1) {
      await db().signInThrottle.deleteMany();
      await outcome(finishSignIn({ code: "0000-0000-0000-0000" }, token, from));
    }
    expect(await outcome(finishSignIn({ code }, token, from))).toMatchObject(over);
    expect(await outcome(finishSignIn({ code }, await passPassword(), from))).toBe("in");
  });
});

describe("a recovery code", () => {
  test("takes the place of the app once, and the trail knows", async () => {
    const { codes } = await setUpApp();
    const code = codes[3] ?? "";
    await finishSignIn({ code: ` ${code.toUpperCase()} ` }, await passPassword(), from);
    expect(await findFactors(ada())).toMatchObject({ recoveryCodesLeft: 9 });
    const [used] = await db().auditEvent.findMany({ where: { action: "recovery_code.use" } });
    expect(used).toMatchObject({ actorName: "Ada", detail: { codesLeft: 9 } });
    expect(JSON.stringify(used, (_, value) => `${value}`)).not.toContain(code);
    const again = await outcome(finishSignIn({ code }, await passPassword(), from));
    expect(again).toMatchObject({ message: expect.stringMatching(/unused recovery codes/) });
  });

  test("is kept where the sign-in comes to nothing, as of five at once four are", async () => {
    const { codes } = await setUpApp();
    const token = await passPassword();
    const tries = codes.slice(0, 5).map((code) => outcome(finishSignIn({ code }, token, from)));
    expect((await Promise.all(tries)).filter((each) => each === "in")).toHaveLength(1);
    expect(await findFactors(ada())).toMatchObject({ recoveryCodesLeft: 9 });
  });

  test("lets one of two in that come at once", async () => {
    const { codes } = await setUpApp();
    const tokens = [await passPassword(), await passPassword()];
    const both = await Promise.all(
      tokens.map((token) => outcome(finishSignIn({ code: codes[0] }, token, from))),
    );
    expect(both.filter((each) => each === "in")).toHaveLength(1);
  });

  test("is void once there are new ones, and never replaces the password", async () => {
    const { codes } = await setUpApp();
    expect(await renewRecoveryCodes(ada())).toHaveLength(10);
    const refused = await outcome(finishSignIn({ code: codes[0] }, await passPassword(), from));
    expect(refused).toMatchObject({ code: "unauthenticated" });
    const [code = ""] = await renewRecoveryCodes(ada());
    await expect(signIn({ email: EMAIL, password: code }, from)).rejects.toMatchObject({
      code: "unauthenticated",
    });
  });
});

describe("proving oneself again", () => {
  test("takes the password, and with an app its code as well", async () => {
    const newSession = async () => {
      const id = await createSession(adaId);
      await db().session.updateMany({ data: { provenAt: new Date(0) } });
      return id;
    };
    let sessionId = await newSession();
    const prove = (password: string, code = "") => proveOneself(ada(sessionId), { password, code });
    await expect(prove("some other sentence")).rejects.toMatchObject({
      fields: { password: expect.any(Array) },
    });
    expect(await findSession(sessionId)).toMatchObject({ isProvenLately: false });
    await prove(PASSWORD);
    expect(await findSession(sessionId)).toMatchObject({ isProvenLately: true });

    const { nextCode } = await setUpApp();
    sessionId = await newSession();
    expect(await findProofMethods(ada())).toMatchObject({
      hasPassword: true,
      hasAuthenticator: true,
    });
    expect(await findSession(sessionId)).toMatchObject({ isProvenLately: false });
    await expect(prove(PASSWORD)).rejects.toMatchObject({ fields: { code: expect.any(Array) } });
    await prove(PASSWORD, await nextCode());
    expect(await findSession(sessionId)).toMatchObject({ isProvenLately: true });
  });
});

test("whoever guesses has at most twenty codes in the first hour, and six in each that follows", async () => {
  await setUpApp();
  let [tries, waitedMs] = [0, 0];
  const triesBy: number[] = [];
  while (waitedMs < 2 * HOUR_MS) {
    await finishSignIn({ code: "0000-0000-0000-0000" }, await createPending(adaId), from).catch(
      () => {},
    );
    const subject = `second:${adaId}`;
    const { blockedUntil } = await db().signInThrottle.findUniqueOrThrow({ where: { subject } });
    const now = await databaseNow();
    triesBy[Math.floor(waitedMs / HOUR_MS)] = ++tries;
    waitedMs += Math.max(0, blockedUntil.getTime() - now.getTime());
    await db().signInThrottle.update({ where: { subject }, data: { blockedUntil: now } });
  }
  expect(triesBy[0]).toBeLessThanOrEqual(20);
  expect((triesBy[1] ?? 0) - (triesBy[0] ?? 0)).toBe(6);
});

describe("a role that needs a second factor", () => {
  const require = () => setSecondFactorRoles(ada(), { roles: ["administrator"] });

  test("lets a session of one factor do nothing until one is set up in it", async () => {
    const sessionId = await createSession(adaId);
    expect(await findSession(sessionId)).toMatchObject({ needsSecondFactor: false });
    expect(await isSessionAlive(sessionId)).toBe(true);
    await require();
    expect(await findSession(sessionId)).toMatchObject({ needsSecondFactor: true });
    // Nor does a stream go on that it had begun.
    expect(await isSessionAlive(sessionId)).toBe(false);
    const { secret } = await beginAuthenticator(ada(sessionId));
    await confirmAuthenticator(ada(sessionId), { code: await codeOf(secret) });
    expect(await findSession(sessionId)).toMatchObject({ needsSecondFactor: false });
  });

  test("lets nobody remove the last one, and leaves those alone who sign in at the company", async () => {
    await setUpApp();
    await require();
    await expect(removeAuthenticator(ada())).rejects.toMatchObject({ code: "conflict" });
    expect(await findFactors(ada())).toMatchObject({ recoveryCodesLeft: 10, isRequired: true });
    const sessionId = await createSession(adaId, { method: "company" });
    expect(await findSession(sessionId)).toMatchObject({ needsSecondFactor: false });
  });
});

describe("who lost the phone", () => {
  test("gets in again after another administrator removed the factors, which ends all sessions", async () => {
    await setUpApp();
    const sessionId = await createSession(adaId);
    await removeFactorsOf(administrator("Bob"), { administratorId: adaId });
    expect(await findSession(sessionId)).toBeNull();
    expect((await signIn({ email: EMAIL, password: PASSWORD }, from)).kind).toBe("session");
    await signedIn(ada());
    const own = removeFactorsOf(ada(), { administratorId: adaId });
    await expect(own).rejects.toMatchObject({ code: "conflict" });
  });

  test("and the password gets in again by a link from the host, which says what it removed", async () => {
    await setUpApp();
    const { link, hadFactors } = await createPasswordLinkOnHost(EMAIL);
    expect(hadFactors).toBe(true);
    await usePasswordLink({ token: new URL(link).hash.slice(1), password: `${PASSWORD}, new` });
    const again = await signIn({ email: EMAIL, password: `${PASSWORD}, new` }, from);
    expect(again.kind).toBe("session");
    const where = { action: "administrator.remove_factors", actorName: "The host" };
    expect(await db().auditEvent.count({ where })).toBe(1);
  });
});
