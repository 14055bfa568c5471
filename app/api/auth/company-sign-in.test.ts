import { beforeEach, describe, expect, test } from "vitest";
import { readRefusal } from "@/lib/http/auth/company-refusal";
import { db } from "@/lib/kernel/db";
import {
  setAdministratorActive,
  setAdministratorRole,
} from "@/lib/people/administrators/mutations";
import { hashPassword } from "@/lib/people/administrators/password-hash";
import { findAdministrator } from "@/lib/people/administrators/queries";
import { findInvitation, setUp } from "@/lib/people/administrators/set-up";
import { signIn } from "@/lib/people/administrators/sign-in";
import { findSession } from "@/lib/people/administrators/store";
import { setCompanyOnly } from "@/lib/people/company/mutations";
import { findCompanyPolicy, findCompanySignIn } from "@/lib/people/company/queries";
import { signInAtCompany } from "@/lib/people/company/sign-in";
import { createPasswordLink, usePasswordLink } from "@/lib/people/passwords/mutations";
import { administrator } from "@/lib/testing/actors";
import { closeBrowser, openBrowser } from "@/lib/testing/browser";
import { jar } from "@/lib/testing/browser-cookies";
import { ask, comeBack, pressCompany } from "@/lib/testing/next-auth-browser";
import { walkCompany } from "@/lib/testing/walk-company";
import { carol, invite, refused, withCompany } from "@/lib/testing/with-company";

const { company, id, found, comes } = withCompany();
const ada = administrator();
const PASSWORD = "a sentence that is long enough";

const change = (data: object) => db().companySignIn.update({ where: { id: id() }, data });
beforeEach(() => change({ createsPeople: true, enabled: true }));

const personOf = (email = carol.email) =>
  db().administrator.findUniqueOrThrow({
    where: { email },
    include: { sessions: true, identities: true },
  });
const givePassword = async (administratorId: string) => {
  const data = { passwordHash: await hashPassword(PASSWORD) };
  await db().administrator.update({ where: { id: administratorId }, data });
};
/** An administrator who stays, so that the company's person is not the last one. */
async function colleague(): Promise<void> {
  await openBrowser("Bob");
  closeBrowser();
}
const noRole = { ...carol, groups: [] };

describe("a person who comes from the company", () => {
  test("for the first time is created with the role of their group, and without a password", async () => {
    expect((await comes(carol)).href).toBe("http://localhost:3000/");
    const person = await personOf();
    expect(person).toMatchObject({ role: "operator", passwordHash: null, managedById: id() });
    expect(person.identities).toMatchObject([{ issuer: company().issuer, subject: "carol-1" }]);
    const [session, ...others] = person.sessions;
    expect([session?.method, others]).toEqual(["company", []]);
    const hours = ((session?.expiresAt.getTime() ?? 0) - Date.now()) / 3_600_000;
    expect([hours > 7.9, hours < 8.1]).toEqual([true, true]);
    expect([jar.has("postkey.session"), jar.has("postkey.company")]).toEqual([true, false]);
    const actions = await db().auditEvent.findMany({ where: { objectId: person.id } });
    expect(actions.map(({ action }) => action)).toEqual([
      "administrator.create",
      "identity.link",
      "session.begin",
    ]);
  });

  test("ends the session of who was signed in in that browser, and no one's who is refused", async () => {
    const { sessionId } = await openBrowser();
    const isThere = async () => (await db().session.count({ where: { id: sessionId } })) === 1;
    await comes(noRole);
    await comes(carol, { purpose: "link" });
    expect(await isThere()).toBe(true);
    await comes({ ...carol, sub: "carol-2", email: "carol-2@contoso.test" });
    expect(await isThere()).toBe(false);
  });

  test("is known by the subject, with the address and the role of this time", async () => {
    await comes(carol);
    await comes({ ...carol, email: "someone-else@contoso.test", groups: ["everybody", "admins"] });
    expect(await db().administrator.count()).toBe(1);
    const { role, identities } = await personOf();
    expect(role).toBe("administrator");
    expect(identities).toMatchObject([{ username: "someone-else@contoso.test" }]);
    await comes({ ...carol, groups: ["everybody"] });
    expect((await personOf()).role).toBe("viewer");
  });

  test("is out of what began there where the role is decided here, and the trail says why", async () => {
    await comes(carol);
    const { id: objectId } = await personOf();
    await db().administrator.update({ where: { id: objectId }, data: { managedById: null } });
    expect(refused(await comes(noRole))).toBe("company.no_role");
    expect(await personOf()).toMatchObject({ disabledAt: null, sessions: [] });
    const where = { action: "session.end_by_company", objectId };
    expect(await db().auditEvent.findMany({ where })).toMatchObject([
      { actorName: "Contoso", detail: { cause: "company.no_role", reason: expect.any(String) } },
    ]);
  });

  test("without a role comes in by no other door, until a group gives one again", async () => {
    await colleague();
    const admin = { ...carol, groups: ["admins"] };
    await comes(admin);
    const { id: personId } = await personOf();
    await givePassword(personId);
    const enter = () => signIn({ email: carol.email, password: PASSWORD }, {});
    expect(await enter()).toMatchObject({ sessionId: expect.any(String) });
    for (let time = 0; time < 2; time += 1)
      expect(refused(await comes(noRole))).toBe("company.no_role");
    expect((await personOf()).sessions).toEqual([]);
    await expect(enter()).rejects.toThrow();
    expect((await findAdministrator(ada, personId))?.disabledAt).not.toBeNull();
    expect((await comes(admin)).pathname).toBe("/");
    const back = { role: "administrator", disabledAt: null, disabledByCompanyId: null };
    expect(await personOf()).toMatchObject(back);
    const told = await db().auditEvent.findMany({ where: { objectId: personId } });
    expect(told.map(({ action }) => action)).toContain("identity.revoke");
  });

  test("stays out whom an administrator disabled, whatever the company took and gave", async () => {
    await colleague();
    await comes(carol);
    await comes(noRole);
    await setAdministratorActive(ada, { id: (await personOf()).id, active: false });
    expect(refused(await comes(carol))).toBe("company.person_disabled");
  });

  test("is let in by hand with a role that is decided here, until the company gives one again", async () => {
    await colleague();
    await comes(carol);
    await comes(noRole);
    const { id: personId } = await personOf();
    const now = () => findAdministrator(ada, personId);
    expect(await now()).toMatchObject({ managedBy: "Contoso", disabledBy: "Contoso" });
    await setAdministratorActive(ada, { id: personId, active: true });
    const byHand = { managedBy: null, disabledBy: null, disabledAt: null };
    expect(await now()).toMatchObject({ ...byHand, role: "operator" });
    await setAdministratorRole(ada, { id: personId, role: "viewer" });
    // The company still gives no role: it lets nobody in, and takes nothing that was given here.
    expect(refused(await comes(noRole))).toBe("company.no_role");
    expect(await now()).toMatchObject({ ...byHand, role: "viewer" });
    expect((await comes(carol)).pathname).toBe("/");
    expect(await now()).toMatchObject({ managedBy: "Contoso", role: "operator" });
  });

  test("keeps the last way in that does not depend on the company", async () => {
    await comes({ ...carol, groups: ["admins"] });
    await givePassword((await personOf()).id);
    expect(refused(await comes(noRole))).toBe("company.no_role");
    expect(await personOf()).toMatchObject({ role: "administrator", disabledAt: null });
  });

  test("keeps role and session when the claim did not come", async () => {
    await comes(carol);
    const { groups, ...without } = carol;
    expect(refused(await comes(without))).toBe("company.claim_missing");
    expect(await personOf()).toMatchObject({ role: "operator", sessions: [{}] });
  });

  test("is refused where new people are not created, or nobody comes in, and the trail says who came and why not", async () => {
    await change({ createsPeople: false });
    expect(refused(await comes(carol))).toBe("company.person_unknown");
    await change({ enabled: false });
    expect(refused(await pressCompany("other"))).toBe("company.switched_off");
    expect(await db().administrator.count()).toBe(0);
    const where = { action: "session.refuse", objectName: carol.email };
    expect(await db().auditEvent.findFirst({ where, orderBy: { id: "desc" } })).toMatchObject({
      objectName: carol.email,
      detail: { company: "Contoso", cause: "company.person_unknown", reason: expect.any(String) },
    });
  });

  test("together with others, or several times at once, is let in, and created once", async () => {
    const at = await found();
    const come = (sub: string) => {
      const claims = { ...carol, iss: company().issuer, sub, email: `${sub}@c.test` };
      return signInAtCompany(at, { claims, idToken: "", refreshToken: null }, {});
    };
    const subjects = Array.from({ length: 12 }, (_, number) => `new-${number % 8}`);
    await Promise.all(subjects.map(come));
    expect([await db().session.count(), await db().administrator.count()]).toEqual([12, 8]);
  });
});

describe("with company sign-in only", () => {
  async function required(): Promise<Awaited<ReturnType<typeof openBrowser>>> {
    const admin = await openBrowser();
    await givePassword(admin.id);
    await setCompanyOnly(admin, { only: true });
    return admin;
  }

  test("an invited person gets no password that would be refused, and joins at the company", async () => {
    await required();
    closeBrowser();
    const token = "j".repeat(43);
    await invite(token);
    expect(await findInvitation({ token })).toMatchObject({ isAtCompanyOnly: true });
    const form = { token, name: "Yan", email: "yan@contoso.test", password: PASSWORD };
    await expect(setUp(form)).rejects.toMatchObject({ code: "conflict" });
    expect((await comes(carol, { purpose: "invitation", token })).pathname).toBe("/");
    expect(await personOf()).toMatchObject({ role: "operator" });
  });

  test("nobody but an administrator gets a link to a password, or uses one of before", async () => {
    const admin = await openBrowser();
    const { id: administratorId } = await openBrowser("Olga", "operator");
    const { link } = await createPasswordLink(admin, { administratorId });
    await required();
    const conflict = { code: "conflict" };
    await expect(createPasswordLink(admin, { administratorId })).rejects.toMatchObject(conflict);
    const token = link.slice(link.indexOf("#") + 1);
    const used = usePasswordLink({ token, password: PASSWORD });
    await expect(used).rejects.toMatchObject(conflict);
    expect((await findCompanyPolicy(admin)).passwordOnly).toEqual({ count: 1, names: ["Olga"] });
  });

  test("passwords of administrators alone work, of whom there has to be one, and the use is noted", async () => {
    await expect(setCompanyOnly(ada, { only: true })).rejects.toMatchObject({ code: "conflict" });
    await givePassword((await openBrowser("Viewer", "viewer")).id);
    await required();
    const refusedOne = signIn({ email: "viewer@contoso.test", password: PASSWORD }, {});
    await expect(refusedOne).rejects.toMatchObject({ code: "access_denied" });
    await signIn({ email: "ada@contoso.test", password: PASSWORD }, {});
    expect(await db().companyPolicy.findFirst()).toMatchObject({ passwordUsedByName: "Ada" });
    const [event] = await db().auditEvent.findMany({ where: { action: "session.emergency" } });
    expect(event?.detail).toEqual({ method: "password" });
  });
});

describe("a test", () => {
  test("shows which claims came and what would follow, or why not, and grants nothing", async () => {
    const actor = await openBrowser();
    const cookie = jar.get("postkey.session");
    const report = async () => (await findCompanySignIn(actor, id()))?.report;
    const back = await comes(carol, { purpose: "test" });
    expect(back.pathname).toBe(`/settings/sign-in/${id()}`);
    expect(jar.get("postkey.session")).toBe(cookie);
    expect(await report()).toMatchObject({
      remedyId: null,
      role: "operator",
      claims: expect.arrayContaining([{ name: "groups", value: '["ops"]' }]),
    });
    await comes({ ...carol, groups: ["chess"] }, { purpose: "test" });
    expect(await report()).toMatchObject({
      remedyId: "company.no_role",
      claims: expect.arrayContaining([{ name: "groups", value: '["chess"]' }]),
    });
    expect(await db().administrator.count()).toBe(1);
    expect(await db().administratorIdentity.count()).toBe(0);
  });

  test("is for people who are signed in", async () => {
    expect(refused(await pressCompany("other", { purpose: "test" }))).toBe("company.not_completed");
  });
});

describe("an identity", () => {
  const link = { purpose: "link" };

  test("is added by a person who is signed in, who then comes with it", async () => {
    const actor = await openBrowser();
    expect((await comes(carol, link)).pathname).toBe("/profile");
    closeBrowser();
    await comes(carol);
    const where = { administratorId: actor.id, method: "company" };
    expect(await db().session.count({ where })).toBe(1);
  });

  test("leaves the role to the last administrator with a password, and the trail says so", async () => {
    const { id: personId } = await openBrowser();
    await comes({ ...carol, groups: ["everybody"] }, link);
    expect(await personOf("ada@contoso.test")).toMatchObject({ role: "administrator" });
    const where = { action: "identity.role_kept", objectId: personId };
    expect(await db().auditEvent.count({ where })).toBe(1);
  });

  test("that belongs to somebody else is not added", async () => {
    await comes(carol);
    closeBrowser();
    await openBrowser("Bob");
    expect(refused(await comes(carol, link))).toBe("company.identity_taken");
  });

  test("is not added by a session that lacks the second factor of its role", async () => {
    await openBrowser();
    const require = (secondFactorRoles: string[]) =>
      db().installation.updateMany({ data: { secondFactorRoles } });
    await require(["administrator"]);
    expect(refused(await pressCompany("other", link))).toBe("company.factor_first");
    await require([]);
    company().comes(carol);
    const away = await pressCompany("other", link);
    await require(["administrator"]);
    const back = await comeBack(await walkCompany(away.href));
    await require([]);
    expect(refused(back)).toBe("company.factor_first");
    expect(await db().administratorIdentity.count()).toBe(0);
  });

  test("is not added long after the person confirmed who they are, there and back", async () => {
    await openBrowser();
    company().comes(carol);
    const away = await pressCompany("other", link);
    await db().session.updateMany({ data: { provenAt: new Date(0) } });
    const back = await comeBack(await walkCompany(away.href));
    expect([back.pathname, refused(back)]).toEqual(["/profile", "company.proof_old"]);
    expect(refused(await pressCompany("other", link))).toBe("company.proof_old");
    expect(await db().administratorIdentity.count()).toBe(0);
  });
});

describe("an invitation", () => {
  beforeEach(() => change({ createsPeople: false }));

  test("is taken with the company account instead of a password, once", async () => {
    await invite("invited");
    const invitation = { purpose: "invitation", token: "invited" };
    await comes(carol, invitation);
    expect(await personOf()).toMatchObject({ role: "operator", sessions: [{}] });
    expect(refused(await pressCompany("other", invitation))).toBe("company.link_void");
  });

  test("with an address is for whom the company knows by it, and not spent by another", async () => {
    await invite("named", carol.email);
    const named = { purpose: "invitation", token: "named" };
    const { email, ...nameless } = { ...carol, sub: "mallory-1" };
    for (const other of [
      { email: "mallory@contoso.test" },
      ...[false, "false", [true], null].map((email_verified) => ({ email, email_verified })),
      { preferred_username: email },
      { upn: email },
    ]) {
      const back = await comes({ ...nameless, ...other }, named);
      expect(refused(back)).toBe("company.invitation_foreign");
      closeBrowser();
    }
    expect(await db().administrator.count()).toBe(0);
    expect((await comes(carol, named)).pathname).toBe("/");
  });
});

describe("a person without a password", () => {
  const PROOF = { purpose: "proof" };
  const onlySession = () => db().session.findFirstOrThrow();
  const isProven = async () => (await findSession((await onlySession()).id))?.isProvenLately;
  const letTimePass = () => db().session.updateMany({ data: { provenAt: new Date(0) } });

  test("confirms by signing in at their company again, in the session that is open", async () => {
    const cookies = new Map<string, string>();
    await comes(carol, {}, cookies);
    const { id } = await onlySession();
    await letTimePass();
    expect(await isProven()).toBe(false);
    const back = await comes(carol, PROOF, cookies);
    expect(`${back.pathname}${back.search}`).toBe("/confirm?done");
    expect(await isProven()).toBe(true);
    expect((await onlySession()).id).toBe(id);
  });

  test.each(["somebody", "nobody"])("confirms nothing as %s else", async (who) => {
    const mallory = { ...carol, sub: `mallory-${who}`, email: "mallory@contoso.test" };
    if (who === "somebody") await comes(mallory);
    const before = await db().administratorIdentity.count();
    closeBrowser();
    await db().session.deleteMany();
    await comes(carol);
    await letTimePass();
    const back = await comes(mallory, PROOF);
    expect(back.pathname).toBe("/confirm");
    expect(refused(back)).toBe("company.person_differs");
    expect(await isProven()).toBe(false);
    expect(await db().administratorIdentity.count()).toBe(before + 1);
  });

  test("is asked for a sign-in anew, and confirms nothing for a session that ended meanwhile", async () => {
    expect(refused(await pressCompany("other", PROOF))).toBe("company.not_completed");
    await comes(carol);
    company().comes(carol);
    const away = await pressCompany("other", PROOF);
    expect(Object.fromEntries(away.searchParams)).toMatchObject({ max_age: "0", prompt: "login" });
    await db().session.deleteMany();
    expect(refused(await comeBack(await walkCompany(away.href)))).toBe("company.not_completed");
  });
});

describe("who is refused", () => {
  const COOKIE = "postkey.company-refused";
  const NO_ROLE = { refused: "company.no_role" };
  const walk = async (employee: object = {}) => {
    company().comes({ ...carol, groups: ["chess"], ...employee });
    return walkCompany((await pressCompany("other")).href);
  };
  const signedInAs = async (query: object) => (await readRefusal({ ...query })).signedInAs;

  test("reads with which account they came, for that cause and in that browser alone", async () => {
    const back = await comeBack(await walk());
    const who = { company: "Contoso", username: carol.email };
    expect(await readRefusal(Object.fromEntries(back.searchParams))).toMatchObject({
      remedy: { id: "company.no_role" },
      signedInAs: who,
    });
    expect(await signedInAs({ refused: "company.person_disabled" })).toBeNull();
    expect(await readRefusal({})).toEqual({ remedy: null, signedInAs: null });
    await comeBack(await walk({ sub: "dora-1", name: "Dora", email: undefined }));
    expect(await signedInAs(NO_ROLE)).toEqual({ company: "Contoso", username: "Dora" });
    closeBrowser();
    // Not what an address says.
    expect(await signedInAs({ ...NO_ROLE, ...who })).toBeNull();
  });

  test("has it until they try again, in a cookie that no one else can read or write", async () => {
    const back = await walk();
    const reply = await ask(`${back.pathname}${back.search}`);
    const [cookie = "", ...others] = reply.headers
      .getSetCookie()
      .filter((each) => each.startsWith(COOKIE));
    expect(others).toEqual([]);
    expect(cookie).toMatch(/; Max-Age=300; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(cookie).not.toContain(carol.email);
    expect(await signedInAs(NO_ROLE)).not.toBeNull();
    for (const forged of ["", "x", btoa(JSON.stringify({ ...NO_ROLE, username: "eve" }))]) {
      jar.set(COOKIE, forged);
      expect(await signedInAs(NO_ROLE)).toBeNull();
    }
    await pressCompany("other");
    expect(jar.has(COOKIE)).toBe(false);
  });
});
