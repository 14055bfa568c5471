import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { POST as endByCompanyRoute } from "@/app/api/company/[slug]/logout/route";
import {
  setAdministratorActive,
  setAdministratorRole,
} from "@/lib/access/administrators/mutations";
import { hashPassword } from "@/lib/access/administrators/password-hash";
import {
  findAdministrator,
  findOneself,
  listAdministrators,
} from "@/lib/access/administrators/queries";
import { findInvitation, setUp } from "@/lib/access/administrators/set-up";
import { signIn } from "@/lib/access/administrators/sign-in";
import { createSession } from "@/lib/access/administrators/store";
import { applyRole, restoreByCompany, revokeByCompany } from "@/lib/access/company/decisions/store";
import { unlinkOwnIdentity } from "@/lib/access/company/identities/mutations";
import { findIdentity, linkIdentity } from "@/lib/access/company/identities/store";
import { recheckOne } from "@/lib/access/company/leaving/mutations";
import { deleteOldLogoutTokens } from "@/lib/access/company/leaving/store";
import {
  setCompanyOnly,
  switchCompanySignIn,
  updateCompanySignIn,
} from "@/lib/access/company/mutations";
import { findCompanyPolicy, findCompanySignIn } from "@/lib/access/company/queries";
import { updateCompanySignInSchema } from "@/lib/access/company/schema";
import { signInAtCompany } from "@/lib/access/company/sign-in";
import { findCompany } from "@/lib/access/company/store";
import { createInvitation } from "@/lib/access/invitations/store";
import { createPasswordLink, usePasswordLink } from "@/lib/access/passwords/mutations";
import { findUser } from "@/lib/http/auth/session";
import { hashToken } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { closeBrowser, openBrowser } from "@/lib/testing/browser";
import { jar } from "@/lib/testing/browser-cookies";
import { companyForm, companyInUse } from "@/lib/testing/company";
import { startHttpsServer } from "@/lib/testing/https-server";
import { ask, comeBack, pressCompany } from "@/lib/testing/next-auth-browser";
import { type Employee, startCompany, type TestCompany } from "@/lib/testing/openid-provider";
import { withInstallation } from "@/lib/testing/sandbox";
import { walkCompany } from "@/lib/testing/walk-company";

const sandbox = withInstallation();
const ada = administrator();
const PASSWORD = "a sentence that is long enough";
let company: TestCompany;
let id: string;

beforeAll(async () => {
  const redirectUri = "http://localhost:3000/api/auth/callback/other";
  company = await startCompany({
    listen: (answer) => startHttpsServer(sandbox().stateDir, answer),
    redirectUri,
  });
  id = await companyInUse(ada, company, { rechecks: true, endsAtCompany: true });
});
afterAll(() => company.close());
beforeEach(async () => {
  closeBrowser();
  await db().companyPolicy.deleteMany();
  await db().administrator.deleteMany();
  await db().companySignIn.update({ where: { id }, data: { createsPeople: true, enabled: true } });
});

const carol = { sub: "carol-1", name: "Carol", email: "carol@contoso.test", groups: ["ops"] };

/** The whole way, as a person goes it. */
async function goToCompany(employee: Employee, form: Record<string, string> = {}): Promise<URL> {
  company.comes(employee);
  const away = await pressCompany("other", form);
  return comeBack(await walkCompany(away.href));
}

const personOf = (email: string) =>
  db().administrator.findUniqueOrThrow({
    where: { email },
    include: { sessions: true, identities: true },
  });
const user = async () => {
  const found = await findUser();
  if (!found) throw new Error("Nobody is signed in.");
  return found;
};
/** Switched off, as it is stored. */
async function secondCompany(): Promise<string> {
  const {
    id: _,
    createdAt,
    testReport,
    ...row
  } = await db().companySignIn.findUniqueOrThrow({ where: { id } });
  const data = {
    ...row,
    slug: "other-9",
    issuer: "https://b.test",
    enabled: false,
    roleValues: row.roleValues ?? {},
    pinned: row.pinned,
  };
  return (await db().companySignIn.create({ data, select: { id: true } })).id;
}
const refused = (url: URL) => url.searchParams.get("refused");

describe("a person who comes from the company", () => {
  test("for the first time is created with the role of their group, and without a password", async () => {
    expect((await goToCompany(carol)).href).toBe("http://localhost:3000/");
    const person = await personOf(carol.email);
    expect(person).toMatchObject({ role: "operator", passwordHash: null, managedById: id });
    expect(person.identities).toMatchObject([{ issuer: company.issuer, subject: "carol-1" }]);
    expect(person.sessions).toMatchObject([{ method: "company" }]);
    expect([...jar.keys()]).toContain("postkey.session");
    expect(jar.has("postkey.company")).toBe(false);
    const actions = await db().auditEvent.findMany({ where: { objectId: person.id } });
    expect(actions.map(({ action }) => action)).toEqual([
      "administrator.create",
      "identity.link",
      "session.begin",
    ]);
  });

  test("is marked in the list by who decides the role, and has no password of their own", async () => {
    await goToCompany(carol);
    await openBrowser();
    const { rows } = await listAdministrators(ada);
    expect(rows.map(({ name, managedBy }) => ({ name, managedBy }))).toEqual([
      { name: "Carol", managedBy: "Contoso" },
      { name: "Ada", managedBy: null },
    ]);
    const { id: personId } = await personOf(carol.email);
    const asCarol = { ...administrator("Carol"), id: personId };
    expect(await findOneself(asCarol)).toMatchObject({ hasPassword: false });
    expect(await findAdministrator(ada, personId)).toMatchObject({ managedBy: "Contoso" });
  });

  test("ends the session of who was signed in in that browser, and no one's who is refused", async () => {
    const { sessionId } = await openBrowser();
    const isThere = async () => (await db().session.count({ where: { id: sessionId } })) === 1;
    await goToCompany({ ...carol, groups: [] });
    await goToCompany(carol, { purpose: "link" });
    expect(await isThere()).toBe(true);
    await goToCompany({ ...carol, sub: "carol-2", email: "carol-2@contoso.test" });
    expect(await isThere()).toBe(false);
  });

  test("has a session that lasts as long as was configured", async () => {
    await goToCompany(carol);
    const [session] = (await personOf(carol.email)).sessions;
    const hours = ((session?.expiresAt.getTime() ?? 0) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(7.9);
    expect(hours).toBeLessThan(8.1);
  });

  test("is known by the subject, whatever the address is by now", async () => {
    await goToCompany(carol);
    await goToCompany({ ...carol, email: "someone-else@contoso.test" });
    expect(await db().administrator.count()).toBe(1);
    expect((await personOf(carol.email)).identities).toMatchObject([
      { username: "someone-else@contoso.test" },
    ]);
  });

  test("has the role of the groups that they are in this time", async () => {
    await goToCompany(carol);
    await goToCompany({ ...carol, groups: ["everybody", "admins"] });
    expect((await personOf(carol.email)).role).toBe("administrator");
    await goToCompany({ ...carol, groups: ["everybody"] });
    expect((await personOf(carol.email)).role).toBe("viewer");
  });

  test("is refused, and out everywhere, once no group gives a role any more", async () => {
    await goToCompany(carol);
    expect(refused(await goToCompany({ ...carol, groups: [] }))).toBe("company.no_role");
    expect((await personOf(carol.email)).sessions).toEqual([]);
  });

  test("is out of what began there where the role is decided here, and the trail says why", async () => {
    await goToCompany(carol);
    const { id: objectId } = await personOf(carol.email);
    await db().administrator.update({ where: { id: objectId }, data: { managedById: null } });
    expect(refused(await goToCompany({ ...carol, groups: [] }))).toBe("company.no_role");
    expect(await personOf(carol.email)).toMatchObject({ disabledAt: null, sessions: [] });
    const where = { action: "session.end_by_company", objectId };
    expect(await db().auditEvent.findMany({ where })).toMatchObject([
      {
        actorName: "Contoso",
        detail: {
          cause: "company.no_role",
          reason: "Your company gave you no role in Postkey.",
        },
      },
    ]);
  });

  test("comes in by no other door then, until a group gives a role again", async () => {
    await openBrowser();
    closeBrowser();
    const admin = { ...carol, groups: ["admins"] };
    await goToCompany(admin);
    const { id: personId } = await personOf(carol.email);
    const data = { passwordHash: await hashPassword(PASSWORD) };
    await db().administrator.update({ where: { id: personId }, data });
    const enter = () =>
      signIn({ email: carol.email, password: PASSWORD }, { address: "192.0.2.1" });
    expect(await enter()).toMatchObject({ sessionId: expect.any(String) });
    expect(refused(await goToCompany({ ...carol, groups: [] }))).toBe("company.no_role");
    expect((await personOf(carol.email)).sessions).toEqual([]);
    await expect(enter()).rejects.toThrow();
    const { disabledAt } = (await findAdministrator(ada, personId)) ?? {};
    expect(disabledAt).not.toBeNull();

    expect(refused(await goToCompany({ ...carol, groups: [] }))).toBe("company.no_role");
    expect((await goToCompany(admin)).pathname).toBe("/");
    expect(await personOf(carol.email)).toMatchObject({
      role: "administrator",
      disabledAt: null,
      disabledByCompanyId: null,
    });
    const told = await db().auditEvent.findMany({ where: { objectId: personId } });
    expect(told.map(({ action }) => action)).toContain("identity.revoke");
  });

  test("stays out whom an administrator disabled, whatever the company took and gave", async () => {
    await openBrowser();
    closeBrowser();
    await goToCompany(carol);
    await goToCompany({ ...carol, groups: [] });
    const { id: personId } = await personOf(carol.email);
    await setAdministratorActive(ada, { id: personId, active: false });
    expect(refused(await goToCompany(carol))).toBe("company.person_disabled");
  });

  test("is let in by hand with a role that is decided here, until the company gives one again", async () => {
    await openBrowser();
    closeBrowser();
    await goToCompany(carol);
    await goToCompany({ ...carol, groups: [] });
    const { id: personId } = await personOf(carol.email);
    expect(await findAdministrator(ada, personId)).toMatchObject({
      managedBy: "Contoso",
      disabledBy: "Contoso",
    });
    await setAdministratorActive(ada, { id: personId, active: true });
    expect(await findAdministrator(ada, personId)).toMatchObject({
      managedBy: null,
      disabledBy: null,
      disabledAt: null,
      role: "operator",
    });
    await setAdministratorRole(ada, { id: personId, role: "viewer" });
    // The company still gives no role: it lets nobody in, and takes nothing that was given here.
    expect(refused(await goToCompany({ ...carol, groups: [] }))).toBe("company.no_role");
    expect(await findAdministrator(ada, personId)).toMatchObject({
      disabledAt: null,
      role: "viewer",
    });
    expect((await goToCompany(carol)).pathname).toBe("/");
    expect(await findAdministrator(ada, personId)).toMatchObject({
      managedBy: "Contoso",
      role: "operator",
    });
  });

  test("keeps the account that decides the role, so that the company can take it", async () => {
    await openBrowser();
    closeBrowser();
    await goToCompany(carol);
    const { id: personId } = await personOf(carol.email);
    const data = { passwordHash: await hashPassword(PASSWORD) };
    await db().administrator.update({ where: { id: personId }, data });
    const [identity] = (await personOf(carol.email)).identities;
    const unlink = unlinkOwnIdentity(await user(), { id: identity?.id ?? "" });
    await expect(unlink).rejects.toMatchObject({ code: "conflict" });
    // Nor does another company that they choose themselves take it over.
    const otherId = await secondCompany();
    const other = await findCompany({ id: otherId });
    if (!other) throw new Error("There is no second company.");
    await applyRole(other, personId, "administrator");
    expect(await personOf(carol.email)).toMatchObject({ role: "operator", managedById: id });
    expect(refused(await goToCompany({ ...carol, groups: [] }))).toBe("company.no_role");
    expect((await personOf(carol.email)).disabledAt).not.toBeNull();
    await db().companySignIn.delete({ where: { id: otherId } });
  });

  test("comes back with the role of now, and at no moment with that of before", async () => {
    await openBrowser();
    closeBrowser();
    await goToCompany({ ...carol, groups: ["admins"] });
    await goToCompany({ ...carol, groups: [] });
    const known = await findIdentity({ issuer: company.issuer, subject: carol.sub });
    const decider = await findCompany({ id });
    if (!known || !decider) throw new Error("Nobody came.");
    await restoreByCompany(decider, known.person, "viewer");
    expect(await personOf(carol.email)).toMatchObject({ role: "viewer", disabledAt: null });
  });

  test("keeps the last way in that does not depend on the company", async () => {
    await goToCompany({ ...carol, groups: ["admins"] });
    const { id: personId } = await personOf(carol.email);
    const data = { passwordHash: await hashPassword(PASSWORD) };
    await db().administrator.update({ where: { id: personId }, data });
    expect(refused(await goToCompany({ ...carol, groups: [] }))).toBe("company.no_role");
    expect(await personOf(carol.email)).toMatchObject({ role: "administrator", disabledAt: null });
  });

  test("keeps role and session when the claim did not come", async () => {
    await goToCompany(carol);
    const { groups, ...without } = carol;
    expect(refused(await goToCompany(without))).toBe("company.claim_missing");
    expect(await personOf(carol.email)).toMatchObject({ role: "operator", sessions: [{}] });
  });

  test("is refused while disabled here", async () => {
    await goToCompany(carol);
    await db().administrator.updateMany({ data: { disabledAt: new Date() } });
    expect(refused(await goToCompany(carol))).toBe("company.person_disabled");
  });

  test("is refused where new people are not created, and the trail says who came and why not", async () => {
    await db().companySignIn.update({ where: { id }, data: { createsPeople: false } });
    expect(refused(await goToCompany(carol))).toBe("company.person_unknown");
    expect(await db().administrator.count()).toBe(0);
    const where = { action: "session.refuse" };
    expect(await db().auditEvent.findFirst({ where, orderBy: { id: "desc" } })).toMatchObject({
      objectName: carol.email,
      detail: {
        company: "Contoso",
        cause: "company.person_unknown",
        reason: "No one in Postkey has this company account yet.",
      },
    });
  });

  test("is refused while it is switched off", async () => {
    await db().companySignIn.update({ where: { id }, data: { enabled: false } });
    expect(refused(await pressCompany("other"))).toBe("company.switched_off");
  });
});

describe("with company sign-in only", () => {
  async function required(): Promise<Awaited<ReturnType<typeof openBrowser>>> {
    const admin = await openBrowser();
    const data = { passwordHash: await hashPassword(PASSWORD) };
    await db().administrator.update({ where: { id: admin.id }, data });
    await setCompanyOnly(admin, { only: true });
    return admin;
  }

  test("an invited person gets no password that would be refused, and joins at the company", async () => {
    await required();
    closeBrowser();
    const token = "j".repeat(43);
    const link = { invitedById: ada.id, invitedByName: "Ada", email: null, name: null };
    await createInvitation(db(), { ...link, tokenHash: hashToken(token), role: "operator" });
    expect(await findInvitation({ token })).toMatchObject({ isAtCompanyOnly: true });
    const form = { token, name: "Yan", email: "yan@contoso.test", password: PASSWORD };
    await expect(setUp(form)).rejects.toMatchObject({ code: "conflict" });
    expect((await goToCompany(carol, { purpose: "invitation", token })).pathname).toBe("/");
    expect(await personOf(carol.email)).toMatchObject({ role: "operator" });
  });

  test("nobody but an administrator gets a link to a password, or uses one of before", async () => {
    const admin = await openBrowser();
    const data = { name: "Olga", email: "olga@contoso.test", role: "operator", passwordHash: "x" };
    const { id: administratorId } = await db().administrator.create({ data });
    const { link } = await createPasswordLink(admin, { administratorId });
    await required();
    await expect(createPasswordLink(admin, { administratorId })).rejects.toMatchObject({
      code: "conflict",
    });
    const token = link.slice(link.indexOf("#") + 1);
    await expect(usePasswordLink({ token, password: PASSWORD })).rejects.toMatchObject({
      code: "conflict",
    });
    expect((await findCompanyPolicy(admin)).passwordOnly).toEqual({ count: 1, names: ["Olga"] });
  });
});

test("the last administrator with a password keeps the role, and the trail says so", async () => {
  const { id: personId } = await openBrowser();
  await goToCompany({ ...carol, groups: ["everybody"] }, { purpose: "link" });
  expect(await db().administrator.findUnique({ where: { id: personId } })).toMatchObject({
    role: "administrator",
  });
  const where = { action: "identity.role_kept", objectId: personId };
  expect(await db().auditEvent.count({ where })).toBe(1);
});

describe("a test", () => {
  test("shows which claims came and what would follow, and grants nothing", async () => {
    const actor = await openBrowser();
    const cookie = jar.get("postkey.session");
    const back = await goToCompany(carol, { purpose: "test" });
    expect(back.pathname).toBe(`/settings/sign-in/${id}`);
    expect(jar.get("postkey.session")).toBe(cookie);
    const { report } = (await findCompanySignIn(actor, id)) ?? {};
    expect(report).toMatchObject({ remedyId: null, role: "operator" });
    expect(report?.claims).toContainEqual({ name: "groups", value: '["ops"]' });
    expect(report?.outcome).toMatch(/create a person as Operator/);
    expect(await db().administrator.count()).toBe(1);
    expect(await db().administratorIdentity.count()).toBe(0);
  });

  test("that fails keeps why", async () => {
    const actor = await openBrowser();
    await goToCompany({ ...carol, groups: ["chess"] }, { purpose: "test" });
    const { report } = (await findCompanySignIn(actor, id)) ?? {};
    expect(report).toMatchObject({ remedyId: "company.no_role" });
    expect(report?.claims).toContainEqual({ name: "groups", value: '["chess"]' });
  });

  test("is for people who are signed in", async () => {
    expect(refused(await pressCompany("other", { purpose: "test" }))).toBe("company.not_completed");
  });
});

describe("an identity", () => {
  test("is added by a person who is signed in, who then comes with it", async () => {
    const actor = await openBrowser();
    expect((await goToCompany(carol, { purpose: "link" })).pathname).toBe("/profile");
    closeBrowser();
    await goToCompany(carol);
    const person = await db().administrator.findUniqueOrThrow({
      where: { id: actor.id },
      include: { sessions: { where: { method: "company" } } },
    });
    expect(person.sessions).toHaveLength(1);
  });

  test("that belongs to somebody else is not added", async () => {
    await goToCompany(carol);
    closeBrowser();
    await openBrowser("Bob");
    expect(refused(await goToCompany(carol, { purpose: "link" }))).toBe("company.identity_taken");
  });

  test("that is the only way in is not removed", async () => {
    await goToCompany(carol);
    // The role is decided here: one that the company decides keeps its account in any case.
    await db().administrator.updateMany({ data: { managedById: null } });
    const { identities } = await personOf(carol.email);
    const unlink = async () => unlinkOwnIdentity(await user(), { id: identities[0]?.id ?? "" });
    await expect(unlink()).rejects.toMatchObject({ code: "conflict" });
    // Another company lets nobody in while it is switched off.
    const other = await secondCompany();
    await db().administratorIdentity.create({
      data: {
        administratorId: (await user()).id,
        companySignInId: other,
        issuer: "https://b.test",
        subject: "carol-2",
        username: carol.email,
      },
    });
    await expect(unlink()).rejects.toMatchObject({ code: "conflict" });
    await db().companySignIn.update({ where: { id: other }, data: { enabled: true } });
    await unlink();
    await db().companySignIn.delete({ where: { id: other } });
  });

  test("is not added by a session that lacks the second factor of its role", async () => {
    const { id: personId } = await openBrowser();
    await db().installation.updateMany({ data: { secondFactorRoles: ["administrator"] } });
    const form = { purpose: "link" };
    expect(refused(await pressCompany("other", form))).toBe("company.factor_first");
    await db().installation.updateMany({ data: { secondFactorRoles: [] } });
    company.comes(carol);
    const away = await pressCompany("other", form);
    await db().installation.updateMany({ data: { secondFactorRoles: ["administrator"] } });
    const back = await comeBack(await walkCompany(away.href));
    await db().installation.updateMany({ data: { secondFactorRoles: [] } });
    expect(refused(back)).toBe("company.factor_first");
    expect(await db().administratorIdentity.count({ where: { administratorId: personId } })).toBe(
      0,
    );
  });

  test("is not added long after the person confirmed who they are, there and back", async () => {
    await openBrowser();
    company.comes(carol);
    const away = await pressCompany("other", { purpose: "link" });
    await db().session.updateMany({ data: { provenAt: new Date(0) } });
    const back = await comeBack(await walkCompany(away.href));
    expect([back.pathname, refused(back)]).toEqual(["/profile", "company.proof_old"]);
    expect(refused(await pressCompany("other", { purpose: "link" }))).toBe("company.proof_old");
    expect(await db().administratorIdentity.count()).toBe(0);
  });

  test("is not added by a session that ended on the way", async () => {
    const actor = await openBrowser();
    const found = await findCompany({ slug: "other" });
    await db().session.deleteMany();
    const who = {
      issuer: company.issuer,
      subject: "mallory",
      username: "mallory",
      name: "Mallory",
      tenantId: null,
      objectId: null,
      email: null,
    };
    const linked = found && linkIdentity(actor, { company: found, who });
    await expect(linked).rejects.toMatchObject({ code: "unauthenticated" });
    expect(await db().administratorIdentity.count()).toBe(0);
  });
});

describe("switching a company off", () => {
  const onItsWay = async (of: object) => {
    const asked = await findCompany({ id });
    if (!asked) throw new Error("There is no company.");
    const claims = { ...carol, iss: company.issuer, ...of };
    return () => signInAtCompany(asked, { claims, idToken: "", refreshToken: null }, {});
  };

  test.each([
    ["someone who is known", {}],
    ["someone whose role changes", { groups: ["admins"] }],
    ["someone new", { sub: "dora-1", email: "dora@contoso.test" }],
  ])("lets no one in whose answer was on its way: %s", async (_who, of) => {
    await openBrowser("Bob");
    closeBrowser();
    await goToCompany(carol);
    const arrive = await onItsWay(of);
    await switchCompanySignIn(ada, { id, enabled: false });
    await expect(arrive()).rejects.toMatchObject({ remedyId: "company.switched_off" });
    expect(await db().session.count({ where: { method: "company" } })).toBe(0);
    expect(await personOf(carol.email)).toMatchObject({ role: "operator" });
    expect(await db().administrator.count({ where: { email: "dora@contoso.test" } })).toBe(0);
  });

  test.each([
    ["switched off", { enabled: false }, "company.switched_off"],
    ["changed", { version: { increment: 1 } }, "company.not_completed"],
  ])(
    "takes nothing for an answer that was on its way when it was %s",
    async (_how, data, remedyId) => {
      await openBrowser("Bob");
      closeBrowser();
      await goToCompany(carol);
      const arrive = await onItsWay({ groups: ["none of ours"] });
      await db().companySignIn.update({ where: { id }, data });
      await expect(arrive()).rejects.toMatchObject({ remedyId });
      const { disabledAt, sessions } = await personOf(carol.email);
      expect({ disabledAt, sessions: sessions.length }).toEqual({ disabledAt: null, sessions: 1 });
    },
  );

  test("or changing what it decides asks those again whose answer was on its way", async () => {
    await openBrowser("Bob");
    closeBrowser();
    await goToCompany(carol);
    const arrive = await onItsWay({});
    await db().companySignIn.update({ where: { id }, data: { version: { increment: 1 } } });
    await expect(arrive()).rejects.toMatchObject({ remedyId: "company.not_completed" });
    expect(await db().session.count({ where: { method: "company" } })).toBe(1);
  });

  test("ends the sessions that began there, but for that of who switches it off", async () => {
    await goToCompany({ ...carol, sub: "dora-1", email: "dora@contoso.test" });
    closeBrowser();
    await openBrowser("Bob");
    const local = await openBrowser();
    closeBrowser();
    await goToCompany({ ...carol, groups: ["admins"] });
    const own = await user();
    expect(await switchCompanySignIn(own, { id, enabled: false })).toBe(1);
    const left = await db().session.findMany({ select: { id: true, method: true } });
    expect(left.filter(({ method }) => method === "company")).toEqual([
      { id: own.sessionId, method: "company" },
    ]);
    expect(left.map((each) => each.id)).toContain(local.sessionId);
  });
});

test("while it is switched off, administrators decide about the roles that it decided", async () => {
  await openBrowser("Bob");
  closeBrowser();
  await goToCompany({ ...carol, groups: ["admins"] });
  const { id: personId } = await personOf(carol.email);
  const lower = () => setAdministratorRole(ada, { id: personId, role: "viewer" });
  await expect(lower()).rejects.toMatchObject({ code: "conflict" });
  await switchCompanySignIn(ada, { id, enabled: false });
  await lower();
  expect((await personOf(carol.email)).role).toBe("viewer");
});

test("whom a company disabled in the place of another, that other lets in again, and not the deputy", async () => {
  await openBrowser("Bob");
  closeBrowser();
  await goToCompany({ ...carol, groups: ["ops"] });
  const { id: personId, role } = await personOf(carol.email);
  const otherId = await secondCompany();
  const inItsPlace = { disabledAt: new Date(), disabledByCompanyId: otherId, managedById: id };
  await db().administrator.update({ where: { id: personId }, data: inItsPlace });
  const other = await findCompany({ id: otherId });
  if (!other) throw new Error("The other company is gone.");
  const person = { ...(await personOf(carol.email)), id: personId };
  await expect(restoreByCompany(other, person, "administrator")).rejects.toMatchObject({
    code: "access_denied",
  });
  await goToCompany({ ...carol, groups: ["ops"] });
  expect(await personOf(carol.email)).toMatchObject({ disabledAt: null, role });
  await db().companySignIn.delete({ where: { id: otherId } });
});

test("who comes with what they had waits for nobody, and nobody for them", async () => {
  await openBrowser("Bob");
  closeBrowser();
  await goToCompany({ ...carol, groups: ["ops"] });
  const { id: personId, identities } = await personOf(carol.email);
  const otherId = await secondCompany();
  await db().companySignIn.update({ where: { id: otherId }, data: { enabled: true } });
  const other = await findCompany({ id: otherId });
  const [identity] = identities;
  if (!other || !identity) throw new Error("The company or the person is gone.");
  await db().$transaction(
    async (tx) => {
      // Somebody is doing something that takes longer than anyone waits: to wait for it ends with an error.
      await tx.$executeRaw`SELECT id FROM "Administrator" WHERE name = 'Bob' FOR UPDATE`;
      await applyRole(other, personId, "viewer");
      await revokeByCompany(other, identity);
    },
    { timeout: 15_000 },
  );
  const { role, sessions } = await personOf(carol.email);
  expect({ role, sessions }).toEqual({ role: "operator", sessions: [] });
  await db().companySignIn.delete({ where: { id: otherId } });
});

test("a company that is given another issuer decides about nobody any more", async () => {
  await openBrowser("Bob");
  closeBrowser();
  await goToCompany({ ...carol, groups: ["ops"] });
  const { id: personId } = await personOf(carol.email);
  const kept = await db().companySignIn.findUniqueOrThrow({ where: { id } });
  const values = companyForm(company, { issuer: "https://elsewhere.test" });
  const input = updateCompanySignInSchema.parse({ ...values, id, version: kept.version });
  await updateCompanySignIn(ada, input);
  expect(await personOf(carol.email)).toMatchObject({ managedById: null, identities: [] });
  await setAdministratorRole(ada, { id: personId, role: "viewer" });
  const { testReport: _, roleValues, ...data } = kept;
  await db().companySignIn.update({
    where: { id },
    data: { ...data, roleValues: roleValues ?? {} },
  });
});

test("of two companies the first decides, and again after the other did in its place", async () => {
  await openBrowser("Bob");
  closeBrowser();
  await goToCompany({ ...carol, groups: ["admins"] });
  const { id: personId } = await personOf(carol.email);
  const otherId = await secondCompany();
  await db().companySignIn.update({ where: { id: otherId }, data: { enabled: true } });
  const byOther = async (role: "viewer" | "auditor") => {
    const other = await findCompany({ id: otherId });
    if (!other) throw new Error("The other company is gone.");
    await applyRole(other, personId, role);
    const { role: now, managedById } = await personOf(carol.email);
    return { role: now, isOfFirst: managedById === id };
  };
  expect(await byOther("viewer")).toEqual({ role: "administrator", isOfFirst: true });
  await db().companySignIn.update({ where: { id }, data: { enabled: false } });
  expect(await byOther("viewer")).toEqual({ role: "viewer", isOfFirst: true });
  await db().companySignIn.update({ where: { id }, data: { enabled: true } });
  expect(await byOther("auditor")).toEqual({ role: "viewer", isOfFirst: true });
  expect(refused(await goToCompany({ ...carol, groups: [] }))).toBe("company.no_role");
  expect((await personOf(carol.email)).disabledAt).not.toBeNull();
  await db().companySignIn.delete({ where: { id: otherId } });
});

describe("an invitation", () => {
  const invite = async () => {
    await db().$transaction((tx) =>
      createInvitation(tx, {
        tokenHash: hashToken("invited"),
        invitedById: ada.id,
        invitedByName: "Ada",
        role: "operator",
        email: null,
        name: null,
      }),
    );
  };

  test("is taken with the company account instead of a password, once", async () => {
    await db().companySignIn.update({ where: { id }, data: { createsPeople: false } });
    await invite();
    await goToCompany(carol, { purpose: "invitation", token: "invited" });
    expect(await personOf(carol.email)).toMatchObject({ role: "operator", sessions: [{}] });
    const again = await pressCompany("other", { purpose: "invitation", token: "invited" });
    expect(refused(again)).toBe("company.link_void");
  });
});

test("what only the database is too busy for is no failure of the company", async () => {
  await goToCompany(carol);
  closeBrowser();
  await db().$transaction(
    async (tx) => {
      await tx.$executeRaw`LOCK TABLE "Session" IN EXCLUSIVE MODE`;
      expect(refused(await goToCompany(carol))).toBe("company.too_many");
    },
    { timeout: 14_000 },
  );
  closeBrowser();
  expect((await goToCompany(carol)).pathname).toBe("/");
});

test("forty people who are new come at once, and all get in", async () => {
  const found = await findCompany({ id });
  if (!found) throw new Error("There is no company.");
  const come = (number: number) =>
    signInAtCompany(
      found,
      {
        claims: { ...carol, iss: company.issuer, sub: `new-${number}`, email: `${number}@c.test` },
        idToken: "",
        refreshToken: null,
      },
      {},
    );
  const came = await Promise.allSettled(Array.from({ length: 40 }, (_, at) => come(at)));
  expect(came.filter(({ status }) => status === "rejected")).toEqual([]);
  expect(await db().session.count()).toBe(40);
});

describe("an invitation with an address", () => {
  const invite = () =>
    db().$transaction((tx) =>
      createInvitation(tx, {
        tokenHash: hashToken("named"),
        invitedById: ada.id,
        invitedByName: "Ada",
        role: "operator",
        email: carol.email,
        name: null,
      }),
    );

  test("is for the person whom the company knows by it, and not spent by another", async () => {
    await db().companySignIn.update({ where: { id }, data: { createsPeople: false } });
    await invite();
    const named = { purpose: "invitation", token: "named" };
    const other = { ...carol, sub: "mallory-1", email: "mallory@contoso.test" };
    expect(refused(await goToCompany(other, named))).toBe("company.invitation_foreign");
    closeBrowser();
    const { email: _, ...nameless } = other;
    for (const unproved of [
      ...[false, "false", 0, [true], null].map((email_verified) => ({
        ...other,
        email: carol.email,
        email_verified,
      })),
      { ...nameless, preferred_username: carol.email },
      { ...nameless, upn: carol.email },
    ]) {
      expect(refused(await goToCompany(unproved, named))).toBe("company.invitation_foreign");
      closeBrowser();
    }
    expect(await db().administrator.count()).toBe(0);
    closeBrowser();
    expect((await goToCompany(carol, named)).pathname).toBe("/");
  });
});

describe("while company sign-in is required", () => {
  const someone = (role: string, passwordHash: string) => {
    const email = `${role}@contoso.test`;
    return db().administrator.create({ data: { email, name: role, role, passwordHash } });
  };

  test("it cannot be without an administrator who has a password", async () => {
    await expect(setCompanyOnly(ada, { only: true })).rejects.toMatchObject({ code: "conflict" });
  });

  test("passwords of administrators alone work, and the use is noted", async () => {
    const passwordHash = await hashPassword(PASSWORD);
    await someone("administrator", passwordHash);
    await someone("viewer", passwordHash);
    await setCompanyOnly(ada, { only: true });
    const refusedOne = signIn({ email: "viewer@contoso.test", password: PASSWORD }, {});
    await expect(refusedOne).rejects.toMatchObject({ code: "access_denied" });
    await signIn({ email: "administrator@contoso.test", password: PASSWORD }, {});
    expect(await db().companyPolicy.findFirst()).toMatchObject({
      passwordUsedByName: "administrator",
    });
    expect(await db().auditEvent.count({ where: { action: "session.emergency" } })).toBe(1);
    // Three passwords are hashed, each as slowly as it has to be.
  }, 90_000);
});

describe("who leaves the company", () => {
  const logout = (token: string) =>
    endByCompanyRoute(
      new Request("http://localhost:3000/api/company/other/logout", {
        method: "POST",
        body: new URLSearchParams({ logout_token: token }),
      }),
      { params: Promise.resolve({ slug: "other" }) },
    );

  /** @param jti null for a company that leaves it out */
  async function logoutToken(jti: string | null): Promise<string> {
    const client = await company.provider.Client.find(company.clientId);
    if (!client) throw new Error("The client is gone.");
    const token = new company.provider.IdToken({ sub: "carol-1" }, { client });
    Object.assign(token, { mask: { sub: null } });
    token.set("events", { "http://schemas.openid.net/event/backchannel-logout": {} });
    if (jti !== null) token.set("jti", jti);
    return token.issue({ use: "logout" });
  }

  test("is out as soon as it says so", async () => {
    await goToCompany(carol);
    expect((await logout(await logoutToken("1"))).status).toBe(200);
    expect((await personOf(carol.email)).sessions).toEqual([]);
  });

  test("is not out of what began after it said so, when that arrives late", async () => {
    await goToCompany(carol);
    await db().session.updateMany({ data: { createdAt: new Date(Date.now() + 120_000) } });
    expect((await logout(await logoutToken("2"))).status).toBe(200);
    expect((await personOf(carol.email)).sessions).toHaveLength(1);
  });

  test.each(["3", null])("is not out again by what was said once, with jti %s", async (jti) => {
    await goToCompany(carol);
    const shown = await logoutToken(jti);
    const both = await Promise.all([logout(shown), logout(shown)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect((await personOf(carol.email)).sessions).toEqual([]);
    await goToCompany(carol);
    await deleteOldLogoutTokens();
    expect((await logout(shown)).status).toBe(400);
    expect((await personOf(carol.email)).sessions).toHaveLength(1);
  });

  test("and what it said is kept no longer than it could end anything", async () => {
    await logout(await logoutToken("4"));
    await db().shownLogoutToken.updateMany({ data: { expiresAt: new Date(Date.now() - 1_000) } });
    await deleteOldLogoutTokens();
    expect(await db().shownLogoutToken.count()).toBe(0);
  });

  test("is not out because somebody else says so", async () => {
    await goToCompany(carol);
    for (const token of ["", "x", `${btoa('{"alg":"none"}')}.${btoa('{"sub":"carol-1"}')}.`])
      expect((await logout(token)).status).toBe(400);
    expect((await personOf(carol.email)).sessions).toHaveLength(1);
  });

  test("and nobody is asked about a token that is for somebody else", async () => {
    const { issuer, clientId } = company;
    const tokenOf = (claims: object) => `${btoa("{}")}.${btoa(JSON.stringify(claims))}.x`;
    const before = company.requests();
    for (const claims of [
      { iss: "https://evil.test", aud: clientId },
      { iss: issuer, aud: "x" },
    ])
      expect((await logout(tokenOf(claims))).status).toBe(400);
    await db().companySignIn.update({ where: { id }, data: { enabled: false } });
    expect((await logout(tokenOf({ iss: issuer, aud: clientId }))).status).toBe(400);
    expect(company.requests()).toBe(before);
  });

  test("ends the session also at the address of next-auth itself", async () => {
    await goToCompany(carol);
    const { csrfToken } = await (await ask("/api/auth/csrf")).json();
    await ask("/api/auth/signout", { csrfToken, json: "true" });
    expect((await personOf(carol.email)).sessions).toEqual([]);
  });

  test("is out with the next question, and not before", async () => {
    await goToCompany(carol);
    expect(await recheckOne()).toBe(false);
    const due = () => db().session.updateMany({ data: { recheckAt: new Date(0) } });
    await due();
    expect(await recheckOne()).toBe(true);
    expect((await personOf(carol.email)).sessions).toHaveLength(1);
    // Whoever is gone is out by every door, where the company decides the role.
    const person = await personOf(carol.email);
    await createSession(person.id);
    company.leaves("carol-1");
    await due();
    await recheckOne();
    expect(await personOf(carol.email)).toMatchObject({ sessions: [], disabledByCompanyId: id });
    // Who was not gone signs in there again, and is back.
    expect((await goToCompany(carol)).pathname).toBe("/");
    expect(await personOf(carol.email)).toMatchObject({ disabledAt: null, role: "operator" });
  });
});

describe("without known addresses, strangers keep nobody out:", () => {
  const strange = () => ask("/api/auth/callback/other?code=x&state=y");
  const counted = () => db().signInThrottle.count({ where: { failures: { gt: 0 } } });
  beforeEach(() => db().signInThrottle.deleteMany());

  test("who began nothing is refused, and is not counted", async () => {
    for (let each = 0; each < 40; each += 1)
      expect((await strange()).headers.get("location")).toContain("company.not_completed");
    expect(await counted()).toBe(0);
    expect((await goToCompany(carol)).pathname).toBe("/");
  });

  test("of many who began something, each waits for their own failures alone", async () => {
    for (let browser = 0; browser < 7; browser += 1) {
      closeBrowser();
      await pressCompany("other");
      const begun = new Map(jar);
      for (let each = 0; each < 5; each += 1) {
        for (const [name, value] of begun) jar.set(name, value);
        await strange();
      }
      for (const [name, value] of begun) jar.set(name, value);
      expect((await strange()).headers.get("location")).toContain("company.too_many");
    }
    closeBrowser();
    expect((await goToCompany(carol)).pathname).toBe("/");
  });
});

test("five first sign-ins of one person at once are all in", async () => {
  const { signInAtCompany } = await import("@/lib/access/company/sign-in");
  const { findCompany } = await import("@/lib/access/company/store");
  const found = await findCompany({ id });
  if (!found) throw new Error("The company is gone.");
  const claims = { ...carol, iss: company.issuer, aud: company.clientId, iat: 0, exp: 0 };
  const redeemed = { claims, idToken: "", refreshToken: null };
  const all = Array.from({ length: 5 }, () => signInAtCompany(found, redeemed, {}));
  expect(await Promise.all(all)).toHaveLength(5);
  expect(await db().administrator.count()).toBe(1);
});

test("a logout for a company that there can't be is refused", async () => {
  const params = Promise.resolve({ slug: "\0" });
  const body = new URLSearchParams({ logout_token: "a.b.c" });
  const request = new Request("http://localhost:3000", { method: "POST", body });
  expect((await endByCompanyRoute(request, { params })).status).toBe(400);
});
