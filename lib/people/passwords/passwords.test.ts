import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { empty, withDatabase } from "@/lib/testing/database";
import { signedIn } from "@/lib/testing/signed-in";
import {
  inviteAdministrator,
  setAdministratorActive,
  setAdministratorRole,
} from "../administrators/mutations";
import { hashPassword } from "../administrators/password-hash";
import { findInvitation } from "../administrators/set-up";
import { signIn } from "../administrators/sign-in";
import { createSession, findSession } from "../administrators/store";
import { changePasswordSchema } from "../links/schema";
import { deleteExpiredLinks } from "../links/store";
import {
  changePassword,
  createPasswordLink,
  createPasswordLinkOnHost,
  findPasswordLink,
  usePasswordLink,
} from "./mutations";

withDatabase();

const OLD = "a long sentence with an old end";
const NEW = "a long sentence with a new ending";
const from = { address: "203.0.113.1" };
let adaId: string;
let bobId: string;
const hash = hashPassword(OLD);

beforeEach(async () => {
  await empty("SignInThrottle", "Administrator");
  const passwordHash = await hash;
  adaId = (await created("Ada", passwordHash)).id;
  bobId = (await created("Bob", passwordHash)).id;
  await signedIn(ada());
});

const created = (name: string, passwordHash = "-") =>
  db().administrator.create({
    data: { name, email: `${name.toLowerCase()}@contoso.test`, passwordHash },
    select: { id: true },
  });

const SESSION = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";
const ada = (sessionId = SESSION) => ({ ...administrator("Ada"), id: adaId, sessionId });
const opens = (email: string, password: string) =>
  signIn({ email, password }, from).then(
    () => true,
    () => false,
  );
const NOT_FOUND = { code: "not_found" };
const tokenOf = ({ link }: { link: string }) => new URL(link).hash.slice(1);

describe("changing one's own password", () => {
  test("takes the old one, and ends all other sessions of one's own", async () => {
    const [here, there] = [await createSession(adaId), await createSession(adaId)];
    const bobs = await createSession(bobId);
    await changePassword(ada(here), { current: OLD, password: NEW });
    expect(await findSession(here)).not.toBeNull();
    expect(await findSession(there)).toBeNull();
    expect(await findSession(bobs)).not.toBeNull();
    expect(await opens("ada@contoso.test", OLD)).toBe(false);
    expect(await opens("ada@contoso.test", NEW)).toBe(true);
  });

  test("is refused with a wrong one at its field, and changes nothing", async () => {
    const wrong = changePassword(ada(), { current: "some other sentence", password: NEW });
    await expect(wrong).rejects.toMatchObject({
      code: "unprocessable",
      fields: { current: expect.any(Array) },
    });
    expect(await opens("ada@contoso.test", OLD)).toBe(true);
  });

  test("counts wrong ones as a sign-in does: an open browser is no place to guess", async () => {
    const guess = () => changePassword(ada(), { current: "some other sentence", password: NEW });
    await expect(guess()).rejects.toMatchObject({ code: "unprocessable" });
    const { subject } = await db().signInThrottle.findFirstOrThrow({
      where: { subject: { startsWith: "pair:" } },
    });
    await db().signInThrottle.update({ where: { subject }, data: { failures: 8 } });
    await expect(guess()).rejects.toMatchObject({ code: "unprocessable" });
    await expect(guess()).rejects.toMatchObject({ code: "too_many_requests" });
  });

  test("asks for another password than the old one, and for one that is long enough", async () => {
    const same = changePassword(ada(), { current: OLD, password: OLD });
    await expect(same).rejects.toMatchObject({ fields: { password: expect.any(Array) } });
    expect(changePasswordSchema.safeParse({ current: OLD, password: "short" }).success).toBe(false);
  });

  test("of two at once is done once", async () => {
    const change = (password: string) => changePassword(ada(), { current: OLD, password });
    const both = await Promise.allSettled([change(NEW), change(`${NEW}, too`)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});

const linkForBob = async () => tokenOf(await createPasswordLink(ada(), { administratorId: bobId }));
const hostLink = async () => tokenOf(await createPasswordLinkOnHost("ada@contoso.test"));
const use = (token: string, password = NEW) => usePasswordLink({ token, password });
const REFUSED = { fields: { password: [expect.any(String)] } };

describe("a link for a new password", () => {
  test("opens the account once, and ends every session of the person", async () => {
    const token = await linkForBob();
    expect(JSON.stringify(await db().passwordLink.findMany())).not.toContain(token);
    const session = await createSession(bobId);
    expect(await use(token)).toEqual({ email: "bob@contoso.test" });
    expect(await findSession(session)).toBeNull();
    expect(await opens("bob@contoso.test", NEW)).toBe(true);
    await expect(use(token, OLD)).rejects.toMatchObject(NOT_FOUND);
    expect(await opens("bob@contoso.test", NEW)).toBe(true);
  });

  test("used twice at once is used once", async () => {
    const token = await linkForBob();
    const both = await Promise.allSettled([use(token), use(token, `${NEW}, too`)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("is void once there is a newer one, once it is a day old, or the password was changed", async () => {
    const first = await linkForBob();
    const second = await linkForBob();
    await expect(use(first)).rejects.toMatchObject(NOT_FOUND);
    await db().passwordLink.updateMany({ data: { expiresAt: new Date(Date.now() - 1_000) } });
    await expect(use(second)).rejects.toMatchObject(NOT_FOUND);
    await deleteExpiredLinks();
    expect(await db().passwordLink.count()).toBe(0);
    const bob = await signedIn({ ...administrator("Bob"), id: bobId });
    const third = tokenOf(await createPasswordLink(bob, { administratorId: adaId }));
    await changePassword(ada(), { current: OLD, password: NEW });
    await expect(use(third, OLD)).rejects.toMatchObject(NOT_FOUND);
  });

  test("is not for oneself, nor for somebody who is disabled or unknown", async () => {
    const make = (administratorId: string) => createPasswordLink(ada(), { administratorId });
    await expect(make(adaId)).rejects.toMatchObject({ code: "conflict" });
    const token = tokenOf(await make(bobId));
    const activate = (active: boolean) => setAdministratorActive(ada(), { id: bobId, active });
    await activate(false);
    await expect(make(bobId)).rejects.toMatchObject({ code: "conflict" });
    await activate(true);
    // It stays void.
    await expect(use(token)).rejects.toMatchObject(NOT_FOUND);
    await expect(make("3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10")).rejects.toMatchObject(NOT_FOUND);
  });

  test("is made on the host when nobody is left who can sign in, whatever the case of the address", async () => {
    const { link } = await createPasswordLinkOnHost(" Ada@Contoso.TEST ");
    expect(link).toMatch(/^http:\/\/localhost:3000\/reset#[\w-]{43}$/);
    await use(tokenOf({ link }));
    expect(await opens("ada@contoso.test", NEW)).toBe(true);
    const events = await db().auditEvent.findMany({ orderBy: { id: "asc" } });
    expect(events.slice(-3).map(({ actorName, action }) => `${actorName}: ${action}`)).toEqual([
      "The host: administrator.reset",
      "Ada: administrator.password",
      "Ada: session.begin",
    ]);
  });

  test("of the host ends every session and the old password at once, not only when it is used", async () => {
    const [adas, bobs] = [await createSession(adaId), await createSession(bobId)];
    await db().session.delete({ where: { id: SESSION } });
    const { sessionsEnded } = await createPasswordLinkOnHost("ada@contoso.test");
    expect(sessionsEnded).toBe(1);
    expect(await findSession(adas)).toBeNull();
    expect(await findSession(bobs)).not.toBeNull();
    expect(await opens("ada@contoso.test", OLD)).toBe(false);
    const where = { action: "administrator.reset" };
    const event = await db().auditEvent.findFirst({ where, orderBy: { id: "desc" } });
    expect(event).toMatchObject({ detail: { passwordErased: true, sessionsEnded: 1 } });
  });

  test("of the host leaves every password that it took refused, by the next link and in the profile", async () => {
    await hostLink();
    const first = await hostLink();
    await expect(use(first, OLD)).rejects.toMatchObject(REFUSED);
    await use(first);
    const next = await hostLink();
    const current = `${NEW}, again`;
    await expect(use(next, OLD)).rejects.toMatchObject(REFUSED);
    await use(next, current);
    const oldInProfile = changePassword(ada(), { current, password: OLD });
    await expect(oldInProfile).rejects.toMatchObject(REFUSED);
  });

  test("of the host voids what wrong hands created in the person's name", async () => {
    const invited = tokenOf(await inviteAdministrator(ada(), { role: "administrator" }));
    const token = await linkForBob();
    await hostLink();
    await expect(findInvitation({ token: invited })).rejects.toMatchObject(NOT_FOUND);
    await expect(findPasswordLink({ token })).rejects.toMatchObject(NOT_FOUND);
  });

  test("is void once its maker is disabled or demoted; one of the host is not", async () => {
    const token = await linkForBob();
    const eve = await signedIn({ ...administrator("Eve"), id: (await created("Eve")).id });
    await setAdministratorActive(eve, { id: adaId, active: false });
    await expect(findPasswordLink({ token })).rejects.toMatchObject(NOT_FOUND);
    await setAdministratorActive(eve, { id: adaId, active: true });
    await signedIn(ada());
    const second = await linkForBob();
    const hosts = tokenOf(await createPasswordLinkOnHost("eve@contoso.test"));
    await signedIn(eve);
    await setAdministratorRole(eve, { id: adaId, role: "operator" });
    await expect(use(second)).rejects.toMatchObject(NOT_FOUND);
    expect(await findPasswordLink({ token: hosts })).toEqual({ email: "eve@contoso.test" });
  });

  test("asks for another password than the one before, without the address, and is not spent by that", async () => {
    const token = await linkForBob();
    await expect(use(token, OLD)).rejects.toMatchObject(REFUSED);
    await expect(use(token, "Bob@contoso.test!")).rejects.toMatchObject(REFUSED);
    expect(await use(token)).toEqual({ email: "bob@contoso.test" });
  });
});
