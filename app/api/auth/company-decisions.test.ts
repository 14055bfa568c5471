import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { POST as endByCompanyRoute } from "@/app/api/company/[slug]/logout/route";
import { findUser, signOut } from "@/lib/http/auth/session";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { setAdministratorRole } from "@/lib/people/administrators/mutations";
import { hashPassword } from "@/lib/people/administrators/password-hash";
import { createSession } from "@/lib/people/administrators/store";
import { applyRole, restoreByCompany } from "@/lib/people/company/decisions/store";
import { findIdentity, unlinkOwnIdentity } from "@/lib/people/company/identities/mutations";
import { deleteOldLogoutTokens, recheckOne } from "@/lib/people/company/leaving/mutations";
import { switchCompanySignIn, updateCompanySignIn } from "@/lib/people/company/mutations";
import { forgetCompany } from "@/lib/people/company/round";
import { updateCompanySignInSchema } from "@/lib/people/company/schema";
import { signInAtCompany } from "@/lib/people/company/sign-in";
import { administrator } from "@/lib/testing/actors";
import { closeBrowser, openBrowser } from "@/lib/testing/browser";
import { jar } from "@/lib/testing/browser-cookies";
import { companyForm } from "@/lib/testing/company";
import { ask, comeBack, pressCompany } from "@/lib/testing/next-auth-browser";
import { walkCompany, walkSignOut } from "@/lib/testing/walk-company";
import { answerTo, carol, refused, withCompany } from "@/lib/testing/with-company";

const { company, id, found, seen, comes } = withCompany({ rechecks: true, endsAtCompany: true });
const ada = administrator();
const admin = { ...carol, groups: ["admins"] };
const noRole = { ...carol, groups: [] };

const enable = (which: string, enabled: boolean) =>
  db().companySignIn.update({ where: { id: which }, data: { enabled } });

beforeEach(async () => {
  await db().companySignIn.deleteMany({ where: { id: { not: id() } } });
  await enable(id(), true);
  // An administrator who stays, so that the company's person is not the last one.
  await openBrowser("Bob");
  closeBrowser();
});
afterEach(() => vi.useRealTimers());

const personOf = () =>
  db().administrator.findUniqueOrThrow({
    where: { email: carol.email },
    include: { sessions: true, identities: true },
  });
const user = async () => {
  const found = await findUser();
  if (!found) throw new Error("Nobody is signed in.");
  return found;
};

async function secondCompany({ enabled = true } = {}): Promise<string> {
  const first = await db().companySignIn.findUniqueOrThrow({ where: { id: id() } });
  const { id: _, createdAt, testReport, roleValues, ...row } = first;
  const other = { slug: "other-9", issuer: "https://b.test", enabled };
  const data = { ...row, ...other, roleValues: roleValues ?? {} };
  return (await db().companySignIn.create({ data, select: { id: true } })).id;
}

describe("an identity", () => {
  const unlink = async () => {
    const [identity] = (await personOf()).identities;
    return unlinkOwnIdentity(await user(), { id: identity?.id ?? "" });
  };

  test("that is the only way in is not removed", async () => {
    await comes(carol);
    // The role is decided here: one that the company decides keeps its account in any case.
    await db().administrator.updateMany({ data: { managedById: null } });
    await expect(unlink()).rejects.toMatchObject({ code: "conflict" });
    // Another company lets nobody in while it is switched off.
    const companySignInId = await secondCompany({ enabled: false });
    const as = { issuer: "https://b.test", subject: "carol-2", username: carol.email };
    await db().administratorIdentity.create({
      data: { ...as, administratorId: (await user()).id, companySignInId },
    });
    await expect(unlink()).rejects.toMatchObject({ code: "conflict" });
    await enable(companySignInId, true);
    await unlink();
  });

  test("that decides the role is kept, so that the company can take it, and no other company can", async () => {
    await comes(carol);
    const { id: personId } = await personOf();
    const data = { passwordHash: await hashPassword("a sentence that is long enough") };
    await db().administrator.update({ where: { id: personId }, data });
    await expect(unlink()).rejects.toMatchObject({ code: "conflict" });
    await applyRole(await found(await secondCompany()), personId, "administrator");
    expect(await personOf()).toMatchObject({ role: "operator", managedById: id() });
    expect(refused(await comes(noRole))).toBe("company.no_role");
    expect((await personOf()).disabledAt).not.toBeNull();
  });

  test("comes back with the role of now, and at no moment with that of before", async () => {
    await comes(admin);
    await comes(noRole);
    const known = await findIdentity({ issuer: company().issuer, subject: carol.sub });
    if (!known) throw new Error("Nobody came.");
    await restoreByCompany(await found(), known.person, "viewer");
    expect(await personOf()).toMatchObject({ role: "viewer", disabledAt: null });
  });
});

describe("switching a company off", () => {
  const onItsWay = async (of: object) => {
    const asked = await found();
    const claims = { ...carol, iss: company().issuer, ...of };
    return () => signInAtCompany(asked, { claims, idToken: "", refreshToken: null }, {});
  };
  const off = () => switchCompanySignIn(ada, { id: id(), enabled: false });
  const change = () =>
    db().companySignIn.update({ where: { id: id() }, data: { version: { increment: 1 } } });
  const dora = { sub: "dora-1", email: "dora@contoso.test" };

  const OFF = { act: off, remedy: "company.switched_off", left: 0 };
  const OFF_NOW = { ...OFF, act: () => enable(id(), false), left: 1 };
  const CHANGED = { act: change, remedy: "company.not_completed", left: 1 };

  test.each<[string, object, typeof OFF | typeof CHANGED]>([
    ["someone who is known", {}, OFF],
    ["someone whose role changes", { groups: ["admins"] }, OFF],
    ["someone new", dora, OFF],
    ["someone without a role", { groups: [] }, OFF_NOW],
    ["someone without a role, as a change does", { groups: [] }, CHANGED],
    ["someone who is known, as a change does", {}, CHANGED],
  ])(
    "decides before an answer that was on its way: %s",
    async (_who, of, { act, remedy, left }) => {
      await comes(carol);
      const arrive = await onItsWay(of);
      await act();
      await expect(arrive()).rejects.toMatchObject({ remedyId: remedy });
      expect(await db().session.count({ where: { method: "company" } })).toBe(left);
      expect(await personOf()).toMatchObject({ role: "operator", disabledAt: null });
      expect(await db().administrator.count()).toBe(2);
    },
  );

  test("ends the sessions that began there, but for that of who switches it off", async () => {
    await comes({ ...carol, ...dora });
    closeBrowser();
    const local = await openBrowser();
    closeBrowser();
    await comes(admin);
    const own = await user();
    expect(await switchCompanySignIn(own, { id: id(), enabled: false })).toBe(1);
    const left = await db().session.findMany({ select: { id: true, method: true } });
    expect(left.filter(({ method }) => method === "company")).toMatchObject([
      { id: own.sessionId },
    ]);
    expect(left.map((each) => each.id)).toContain(local.sessionId);
  });

  test("lets administrators decide about the roles that it decided", async () => {
    await comes(admin);
    const { id: personId } = await personOf();
    const lower = () => setAdministratorRole(ada, { id: personId, role: "viewer" });
    await expect(lower()).rejects.toMatchObject({ code: "conflict" });
    await off();
    await lower();
    expect((await personOf()).role).toBe("viewer");
  });
});

describe("of two companies", () => {
  test("one that is given another issuer decides about nobody any more", async () => {
    await comes(carol);
    const { id: personId } = await personOf();
    const kept = await db().companySignIn.findUniqueOrThrow({ where: { id: id() } });
    const values = companyForm(company(), { issuer: "https://elsewhere.test" });
    const { version } = kept;
    const input = updateCompanySignInSchema.parse({ ...values, id: id(), version });
    await updateCompanySignIn(ada, input);
    expect(await personOf()).toMatchObject({ managedById: null, identities: [] });
    await setAdministratorRole(ada, { id: personId, role: "viewer" });
    const { testReport: _, roleValues, ...data } = kept;
    const restored = { ...data, roleValues: roleValues ?? {} };
    await db().companySignIn.update({ where: { id: id() }, data: restored });
  });
});

describe("who leaves the company", () => {
  const logout = (token: string, slug = "other") =>
    endByCompanyRoute(
      new Request(`http://localhost:3000/api/company/other/logout`, {
        method: "POST",
        body: new URLSearchParams({ logout_token: token }),
      }),
      { params: Promise.resolve({ slug }) },
    );

  /** @param jti null for a company that leaves it out */
  async function logoutToken(jti: string | null): Promise<string> {
    const { provider, clientId } = company();
    const client = await provider.Client.find(clientId);
    if (!client) throw new Error("The client is gone.");
    const token = new provider.IdToken({ sub: carol.sub }, { client });
    Object.assign(token, { mask: { sub: null } });
    token.set("events", { "http://schemas.openid.net/event/backchannel-logout": {} });
    if (jti !== null) token.set("jti", jti);
    return token.issue({ use: "logout" });
  }

  test("is out as soon as it says so, but of nothing that began after that", async () => {
    await comes(carol);
    await db().session.updateMany({ data: { createdAt: new Date(Date.now() + 120_000) } });
    expect((await logout(await logoutToken("1"))).status).toBe(200);
    expect((await personOf()).sessions).toHaveLength(1);
    await db().session.updateMany({ data: { createdAt: new Date() } });
    expect((await logout(await logoutToken("2"))).status).toBe(200);
    expect((await personOf()).sessions).toEqual([]);
  });

  test.each(["3", null])("is not out again by what was said once, with jti %s", async (jti) => {
    await comes(carol);
    const shown = await logoutToken(jti);
    const both = await Promise.all([logout(shown), logout(shown)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect((await personOf()).sessions).toEqual([]);
    await comes(carol);
    await deleteOldLogoutTokens();
    expect((await logout(shown)).status).toBe(400);
    expect((await personOf()).sessions).toHaveLength(1);
    // It is kept no longer than it could end anything.
    await db().shownLogoutToken.updateMany({ data: { expiresAt: new Date(Date.now() - 1_000) } });
    await deleteOldLogoutTokens();
    expect(await db().shownLogoutToken.count()).toBe(0);
  });

  test("is not out because somebody else says so, and nobody is asked about a token for others", async () => {
    await comes(carol);
    const { issuer, clientId } = company();
    const tokenOf = (claims: object) => `${btoa("{}")}.${btoa(JSON.stringify(claims))}.x`;
    const before = company().requests();
    for (const token of [
      ...["", "x", `${btoa('{"alg":"none"}')}.${btoa('{"sub":"carol-1"}')}.`],
      ...[tokenOf({ iss: "https://evil.test", aud: clientId }), tokenOf({ iss: issuer, aud: "x" })],
    ])
      expect((await logout(token)).status).toBe(400);
    expect((await logout("a.b.c", "\0")).status).toBe(400);
    await enable(id(), false);
    expect((await logout(tokenOf({ iss: issuer, aud: clientId }))).status).toBe(400);
    expect(company().requests()).toBe(before);
    expect((await personOf()).sessions).toHaveLength(1);
  });

  test("is out with the next question, and not before", async () => {
    await comes(carol);
    expect(await recheckOne()).toBe(false);
    const due = () => db().session.updateMany({ data: { recheckAt: new Date(0) } });
    await due();
    expect(await recheckOne()).toBe(true);
    const { id: personId, sessions } = await personOf();
    expect(sessions).toHaveLength(1);
    // Whoever is gone is out by every door, where the company decides the role.
    await createSession(personId);
    company().leaves(carol.sub);
    await due();
    await recheckOne();
    expect(await personOf()).toMatchObject({ sessions: [], disabledByCompanyId: id() });
    // Who was not gone signs in there again, and is back.
    expect((await comes(carol)).pathname).toBe("/");
    expect(await personOf()).toMatchObject({ disabledAt: null, role: "operator" });
  });
});

describe("signing out", () => {
  const cookies = new Map<string, string>();
  beforeEach(() => cookies.clear());

  /** What the company says to a browser that must not be asked anything. */
  async function askSilently(): Promise<string | null> {
    const url = new URL("/auth", company().issuer);
    url.search = `${new URLSearchParams({
      client_id: company().clientId,
      redirect_uri: "http://localhost:3000/api/auth/callback/other",
      response_type: "code",
      scope: "openid",
      prompt: "none",
      code_challenge_method: "S256",
      code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    })}`;
    return (await walkCompany(url.href, cookies)).searchParams.get("error");
  }

  test("where that is wished ends the company's own session too, and leads back", async () => {
    await comes(carol, {}, cookies);
    expect(await askSilently()).toBeNull();
    const address = await signOut();
    expect(address).toContain(`${company().issuer}/session/end?`);
    expect((await personOf()).sessions).toEqual([]);
    const back = await walkSignOut(address ?? "", cookies);
    expect(back.href).toBe("http://localhost:3000/sign-in");
    expect(await askSilently()).toBe("login_required");
  });

  test("is a matter of Postkey alone where it is not wished, also at next-auth's own address", async () => {
    const ends = (endsAtCompany: boolean) =>
      db().companySignIn.update({ where: { id: id() }, data: { endsAtCompany } });
    await ends(false);
    await comes(carol, {}, cookies);
    expect(await signOut()).toBeNull();
    expect((await personOf()).sessions).toEqual([]);
    expect(await askSilently()).toBeNull();
    await ends(true);
    await comes(carol);
    const { csrfToken } = await (await ask("/api/auth/csrf")).json();
    await ask("/api/auth/signout", { csrfToken, json: "true" });
    expect((await personOf()).sessions).toEqual([]);
  });
});

describe("keys that a company", () => {
  const asksForKeys = () => seen().filter((each) => each === "GET /jwks").length;
  const letPass = (minutes: number) => {
    const now = performance.now();
    vi.useFakeTimers({ toFake: ["performance"] });
    vi.advanceTimersByTime(now + minutes * MINUTE_MS);
  };

  test("has renewed are fetched once more, and not again for each that is unknown", async () => {
    await comes(carol);
    const before = asksForKeys();
    await comes(carol);
    expect(asksForKeys()).toBe(before);
    await company().renewKeys();
    letPass(30);
    expect((await comes(carol)).pathname).toBe("/");
    expect(asksForKeys()).toBe(before + 1);
    await company().renewKeys();
    expect(refused(await comes(carol))).toBe("company.token_invalid");
    expect(asksForKeys()).toBe(before + 1);
  });

  test("withdrew sign nobody in after a test, nor ten minutes later", async () => {
    await forgetCompany("other");
    await comes(carol);
    const before = asksForKeys();
    await forgetCompany("other");
    await comes(carol);
    expect(asksForKeys()).toBe(before + 1);
    letPass(11);
    await comes(carol);
    expect(asksForKeys()).toBe(before + 2);
  });
});

describe("without known addresses, strangers keep nobody out:", () => {
  const strange = async () => {
    const { headers } = await ask("/api/auth/callback/other?code=x&state=y");
    return headers.get("location");
  };

  test("who began nothing is refused, and is not counted", async () => {
    for (let each = 0; each < 40; each += 1)
      expect(await strange()).toContain("company.not_completed");
    expect(await db().signInThrottle.count({ where: { failures: { gt: 0 } } })).toBe(0);
    expect((await comes(carol)).pathname).toBe("/");
  });

  test("a code that the company refused is not shown to it again", async () => {
    const away = await pressCompany("other");
    const begun = new Map(jar);
    const asked = () => seen().filter((each) => each === "POST /token").length;
    const before = asked();
    for (let time = 0; time < 2; time += 1) {
      for (const [name, value] of begun) jar.set(name, value);
      const back = answerTo(away, { code: "invented", iss: company().issuer });
      expect(refused(await comeBack(back))).toBe("company.code_refused");
    }
    expect(asked()).toBe(before + 1);
  });

  test("of many who began something, each waits for their own failures alone", async () => {
    for (let browser = 0; browser < 3; browser += 1) {
      closeBrowser();
      await pressCompany("other");
      const begun = new Map(jar);
      const comeAgain = () => {
        for (const [name, value] of begun) jar.set(name, value);
        return strange();
      };
      for (let each = 0; each < 5; each += 1) await comeAgain();
      expect(await comeAgain()).toContain("company.too_many");
    }
    closeBrowser();
    expect((await comes(carol)).pathname).toBe("/");
  });
});
