import { beforeEach, describe, expect, test } from "vitest";
import { SECOND_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { administrator } from "@/lib/testing/actors";
import { empty, withDatabase } from "@/lib/testing/database";
import { signedIn } from "@/lib/testing/signed-in";
import { softwarePasskey } from "@/lib/testing/software-passkey";
import { hashPassword } from "../administrators/password-hash";
import { signIn } from "../administrators/sign-in";
import { createSession, findSession } from "../administrators/store";
import { beginAuthenticator, setSecondFactorRoles } from "../factors/mutations";
import { proveOneself } from "../factors/proof";
import { findProofMethods } from "../factors/queries";
import { addPasskey, beginAddingPasskey, removePasskey } from "./mutations";
import { countUnusablePasskeys, listOwnPasskeys } from "./queries";
import { beginPasskey, beginPasskeyProof, proveWithPasskey, signInWithPasskey } from "./verify";

withDatabase();

const URL_OF_HERE = new URL("https://postkey.contoso.test");
const here = { origin: URL_OF_HERE.origin, rpId: URL_OF_HERE.hostname };
const from = { address: "203.0.113.1" };
const PASSWORD = "a long sentence with an end";
const hash = hashPassword(PASSWORD);
let people: { ada: string; bob: string };

beforeEach(async () => {
  env().url = URL_OF_HERE;
  await empty("SignInThrottle", "PasskeyChallenge", "Administrator");
  await db().installation.updateMany({ data: { secondFactorRoles: [] } });
  const create = async (name: string) => {
    const data = { name, email: `${name}@contoso.test`, passwordHash: await hash };
    return (await db().administrator.create({ data, select: { id: true } })).id;
  };
  people = { ada: await create("ada"), bob: await create("bob") };
  await Promise.all([signedIn(actor("ada")), signedIn(actor("bob"))]);
});

const SESSIONS = {
  ada: "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10",
  bob: "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a11",
};
const actor = (who: keyof typeof people, sessionId = SESSIONS[who]) => ({
  ...administrator(who),
  id: people[who],
  sessionId,
});

async function added(who: keyof typeof people, name = "Laptop") {
  const passkey = softwarePasskey(here);
  const { options, token } = await beginAddingPasskey(actor(who));
  const response = passkey.register(options, { counter: 0 });
  await addPasskey(actor(who), { name, response }, token);
  return passkey;
}

async function signInWith(passkey: ReturnType<typeof softwarePasskey>, act = {}) {
  const { options, token } = await beginPasskey(null);
  return signInWithPasskey(passkey.answer(options, act), token, from);
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => "in",
    ({ code, message }) => ({ code, message }),
  );
const refused = (pattern: RegExp) => ({
  code: "unauthenticated",
  message: expect.stringMatching(pattern),
});

describe("adding a passkey", () => {
  test("asks for nobody's name, for a verified person, and for no attestation", async () => {
    const { options } = await beginAddingPasskey(actor("ada"));
    expect(options).toMatchObject({
      rp: { id: "postkey.contoso.test" },
      attestation: "none",
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
    });
    const where = { id: people.ada };
    const { userHandle } = await db().administrator.findUniqueOrThrow({ where });
    expect(options.user.id).toBe(userHandle);
    expect(Buffer.from(userHandle ?? "", "base64url")).toHaveLength(32);
    const second = await beginAddingPasskey(actor("ada"));
    expect(second.options.user.id).toBe(userHandle);
  });

  test("is refused without a verified person, late, twice, and in another browser", async () => {
    const begin = () => beginAddingPasskey(actor("ada"));
    const passkey = softwarePasskey(here);
    const add = (response: string, token?: string) =>
      refusal(addPasskey(actor("ada"), { name: "Laptop", response }, token));
    const unverified = await begin();
    const answer = passkey.register(unverified.options, { isVerified: false });
    expect(await add(answer, unverified.token)).toMatchObject({ code: "conflict" });
    const { options, token } = await begin();
    expect(await add(passkey.register(options), undefined)).toMatchObject({ code: "conflict" });
    expect(await add(passkey.register(options), token)).toBe("in");
    expect(await add(passkey.register(options), token)).toMatchObject({ code: "conflict" });
    const late = await begin();
    await db().passkeyChallenge.updateMany({ data: { expiresAt: await databaseNow(-SECOND_MS) } });
    const bobs = await beginAddingPasskey(actor("bob"));
    for (const { options, token } of [late, bobs]) {
      const response = softwarePasskey(here).register(options);
      expect(await add(response, token)).toMatchObject({ code: "conflict" });
    }
  });

  test("is refused to a person who has no other way in", async () => {
    await db().administrator.updateMany({ data: { passwordHash: null } });
    await expect(beginAddingPasskey(actor("ada"))).rejects.toMatchObject({ code: "conflict" });
    const sessionId = await createSession(people.ada, { method: "company" });
    await beginAddingPasskey(actor("ada", sessionId));
  });
});

describe("signing in with a passkey", () => {
  test("begins a session of two factors, and names nobody beforehand", async () => {
    const passkey = await added("ada");
    expect((await beginPasskey(null)).options.allowCredentials ?? []).toEqual([]);
    const { sessionId, email } = await signInWith(passkey);
    expect(email).toBe("ada@contoso.test");
    await setSecondFactorRoles(actor("bob"), { roles: ["administrator"] });
    expect(await findSession(sessionId)).toMatchObject({ name: "ada", needsSecondFactor: false });
    expect(await listOwnPasskeys(actor("ada"))).toMatchObject([{ lastUsedAt: expect.any(Date) }]);
  });

  test("is refused for what is no answer, and for an id that no browser makes", async () => {
    const passkey = await added("ada");
    const { options, token } = await beginPasskey(null);
    const answer = JSON.stringify({ ...JSON.parse(passkey.answer(options)), id: "a\0b" });
    const shown = await refusal(signInWithPasskey(answer, token, from));
    expect(shown).toMatchObject(refused(/does not know this passkey/));
    for (const text of ["", "null", "[]", '{"id":{}}', "x".repeat(30_000)])
      expect(await refusal(signInWithPasskey(text, token, from))).toMatchObject(refused(/./));
  });

  test.each([
    ["no verified person", here, { isVerified: false }],
    ["another origin", { ...here, origin: "https://postkey.contoso.test.evil.test" }, {}],
    ["another host", { ...here, rpId: "evil.test" }, {}],
  ])("is refused with %s", async (_what, place, act) => {
    const passkey = await added("ada");
    const foreign = softwarePasskey(place);
    const { options, token } = await beginPasskey(null);
    const answer = JSON.parse(foreign.answer(options, act));
    const { id } = JSON.parse(passkey.answer(options));
    const forged = JSON.stringify({ ...answer, id, rawId: id });
    expect(await refusal(signInWithPasskey(forged, token, from))).toMatchObject(
      refused(/could not be checked/),
    );
    expect(await db().session.count()).toBe(2);
  });

  test("takes a challenge once, in the browser that began, within five minutes", async () => {
    const passkey = await added("ada");
    const { options, token } = await beginPasskey(null);
    const answer = passkey.answer(options);
    const over = refused(/took too long/);
    expect(await refusal(signInWithPasskey(answer, undefined, from))).toMatchObject(over);
    const both = await Promise.all(
      [1, 2].map(() => refusal(signInWithPasskey(answer, token, from))),
    );
    expect(both.filter((each) => each === "in")).toHaveLength(1);
    expect(both.find((each) => each !== "in")).toMatchObject(over);
    const own = await beginPasskeyProof(actor("ada"));
    const foreign = signInWithPasskey(passkey.answer(own.options, { counter: 9 }), own.token, from);
    expect(await refusal(foreign)).toMatchObject(over);
  });

  test("refuses a counter that went back, notes it, and keeps the passkey; some always count 0", async () => {
    const synced = await added("bob");
    for (let time = 0; time < 2; time += 1)
      expect(await refusal(signInWith(synced, { counter: 0 }))).toBe("in");
    const passkey = await added("ada");
    await signInWith(passkey, { counter: 7 });
    expect(await refusal(signInWith(passkey, { counter: 7 }))).toMatchObject(refused(/a copy/));
    expect(await refusal(signInWith(passkey, { counter: 3 }))).toMatchObject(refused(/a copy/));
    // As far as an authenticator can count.
    const counter = 2 ** 32 - 1;
    expect(await refusal(signInWith(passkey, { counter }))).toBe("in");
    expect(await listOwnPasskeys(actor("ada"))).toMatchObject([{ copiedAt: expect.any(Date) }]);
    const trail = await db().auditEvent.count({ where: { action: "passkey.refuse_copy" } });
    expect(trail).toBe(2);
  });

  test("is over for a person who is disabled, and for a passkey that was removed", async () => {
    const passkey = await added("ada");
    const where = { id: people.ada };
    await db().administrator.update({ where, data: { disabledAt: new Date() } });
    expect(await refusal(signInWith(passkey))).toMatchObject(refused(/does not know/));
    await db().administrator.update({ where, data: { disabledAt: null } });
    const [{ id } = { id: "" }] = await listOwnPasskeys(actor("ada"));
    const notHers = removePasskey(actor("bob"), { id });
    await expect(notHers).rejects.toMatchObject({ code: "not_found" });
    await removePasskey(actor("ada"), { id });
    expect(await refusal(signInWith(passkey))).toMatchObject(refused(/does not know/));
  });

  test("is refused with a challenge that ended, was lengthened or made elsewhere", async () => {
    const passkey = await added("ada");
    const { options, token } = await beginPasskey(null);
    const [challenge = "", endsAt = "", mac = ""] = token.split(".");
    const answer = passkey.answer(options);
    const other = (await beginPasskey(null)).token.split(".")[2];
    const longer = (Number.parseInt(endsAt, 36) + 60 * SECOND_MS).toString(36);
    for (const forged of [
      `${challenge}.${longer}.${mac}`,
      `${challenge}.${endsAt}.${other}`,
      `${challenge}.${endsAt}`,
      "",
    ])
      expect(await refusal(signInWithPasskey(answer, forged, from))).toMatchObject(
        refused(/took too long/),
      );
    expect(await refusal(signInWithPasskey(answer, token, from))).toBe("in");
  });

  test("without known addresses counts nobody who was asked nothing, and others for themselves", async () => {
    const answer = (response: string, token?: string) =>
      refusal(signInWithPasskey(response, token, {}));
    const passkey = await added("ada");
    const asked = await beginPasskey(null);
    const foreign = softwarePasskey(here).answer(asked.options);
    for (let each = 0; each < 40; each += 1) expect(await answer(foreign)).toEqual(refused(/./));
    const [throttles, challenges] = [db().signInThrottle, db().passkeyChallenge];
    expect([await throttles.count(), await challenges.count()]).toEqual([0, 0]);
    for (let each = 0; each < 5; each += 1)
      expect(await answer(foreign, asked.token)).toEqual(refused(/does not know/));
    expect(await answer(foreign, asked.token)).toMatchObject({ code: "too_many_requests" });
    const own = await beginPasskey(null);
    expect(await answer(passkey.answer(own.options), own.token)).toBe("in");
  });
});

test("a passkey proves again who sits there, and another person's does not", async () => {
  const [adas, bobs] = [await added("ada"), await added("bob")];
  const sessionId = await createSession(people.ada);
  await db().session.updateMany({ data: { provenAt: new Date(0) } });
  const prove = async (passkey: typeof adas) => {
    const { options, token } = await beginPasskeyProof(actor("ada", sessionId));
    return proveWithPasskey(
      actor("ada", sessionId),
      { response: passkey.answer(options, { counter: 5 }) },
      token,
    );
  };
  expect(await refusal(prove(bobs))).toMatchObject(refused(/does not know/));
  expect(await findSession(sessionId)).toMatchObject({ isProvenLately: false });
  await prove(adas);
  expect(await findSession(sessionId)).toMatchObject({ isProvenLately: true });
});

describe("another POSTKEY_URL", () => {
  test("has no use for the passkeys of the first, and says how many there are", async () => {
    const passkey = await added("ada");
    env().url = new URL("https://mail.contoso.test");
    expect(await countUnusablePasskeys()).toBe(1);
    expect(await refusal(signInWith(passkey))).toMatchObject(refused(/does not know/));
  });
});

test("where the role needs a second factor, the password of who has a passkey is not enough", async () => {
  await added("ada");
  const typed = { email: "ada@contoso.test", password: PASSWORD };
  expect((await signIn(typed, from)).kind).toBe("session");
  await setSecondFactorRoles(actor("bob"), { roles: ["administrator"] });
  await expect(signIn(typed, from)).rejects.toMatchObject(refused(/passkey/));
  const [{ id } = { id: "" }] = await listOwnPasskeys(actor("ada"));
  await expect(removePasskey(actor("ada"), { id })).rejects.toMatchObject({ code: "conflict" });
});

test("a session from before the role needed a factor shows the passkey, and adds nothing by the password", async () => {
  const passkey = await added("ada");
  const sessionId = await createSession(people.ada);
  await setSecondFactorRoles(actor("bob"), { roles: ["administrator"] });
  expect(await findSession(sessionId)).toMatchObject({ needsSecondFactor: true });
  const restricted = { ...actor("ada", sessionId), restrictedBecause: "Set one up first." };
  expect(await findProofMethods(restricted)).toMatchObject({ hasPassword: false });
  await expect(proveOneself(restricted, { password: PASSWORD, code: "" })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringMatching(/passkey/),
  });
  // Signed in a minute ago, with the password alone.
  for (const add of [beginAuthenticator, beginAddingPasskey])
    await expect(add(restricted)).rejects.toMatchObject({ code: "proof_required" });
  const { options, token } = await beginPasskeyProof(restricted);
  await proveWithPasskey(restricted, { response: passkey.answer(options) }, token);
  expect(await findSession(sessionId)).toMatchObject({ needsSecondFactor: false });
});

test("a session that proved a passkey which is gone has proved nothing", async () => {
  const { sessionId } = await signInWith(await added("ada"));
  await setSecondFactorRoles(actor("bob"), { roles: ["administrator"] });
  expect(await findSession(sessionId)).toMatchObject({ needsSecondFactor: false });
  await db().passkey.deleteMany();
  expect(await findSession(sessionId)).toMatchObject({ needsSecondFactor: true });
});
