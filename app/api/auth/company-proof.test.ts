import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { findSession } from "@/lib/access/administrators/store";
import { findProofMethods } from "@/lib/access/factors/queries";
import { findUser } from "@/lib/http/auth/session";
import { requireRecentProof } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { forgetMetadata } from "@/lib/oauth/openid/metadata";
import { administrator } from "@/lib/testing/actors";
import { closeBrowser } from "@/lib/testing/browser";
import { companyInUse } from "@/lib/testing/company";
import { startHttpsServer } from "@/lib/testing/https-server";
import { type LyingCompany, startLyingCompany } from "@/lib/testing/lying-company";
import { comeBack, pressCompany } from "@/lib/testing/next-auth-browser";
import { type Employee, startCompany, type TestCompany } from "@/lib/testing/openid-provider";
import { withInstallation } from "@/lib/testing/sandbox";
import { walkCompany } from "@/lib/testing/walk-company";

const sandbox = withInstallation();
const ada = administrator();
const carol = { sub: "carol-1", name: "Carol", email: "carol@contoso.test", groups: ["ops"] };
const redirectUri = "http://localhost:3000/api/auth/callback/other";
let company: TestCompany;
let liar: LyingCompany;

beforeAll(async () => {
  const listen = (answer: Parameters<typeof startHttpsServer>[1]) =>
    startHttpsServer(sandbox().stateDir, answer);
  company = await startCompany({ listen, redirectUri });
  liar = await startLyingCompany(sandbox().stateDir);
  await companyInUse(ada, company);
  await companyInUse(ada, liar, { name: "Fabrikam" });
});
afterAll(() => Promise.all([company.close(), liar.close()]));
beforeEach(async () => {
  closeBrowser();
  liar.tellTruth();
  forgetMetadata(liar.issuer);
  await db().administrator.deleteMany();
  await db().signInThrottle.deleteMany();
});

/** @param cookies of the browser at the company, which may know the person already */
async function goToCompany(
  employee: Employee,
  purpose: string,
  cookies = new Map<string, string>(),
): Promise<URL> {
  company.comes(employee);
  const away = await pressCompany("other", { purpose });
  return comeBack(await walkCompany(away.href, cookies));
}

/** The same at the company that lies. */
async function goToLiar(purpose: string): Promise<URL> {
  const away = await pressCompany("other-2", { purpose });
  liar.nonce = away.searchParams.get("nonce") ?? "";
  const state = away.searchParams.get("state") ?? "";
  const answer = new URLSearchParams({ code: randomBytes(8).toString("hex"), state });
  return comeBack(new URL(`http://localhost:3000/api/auth/callback/other-2?${answer}`));
}

const refused = (url: URL) => url.searchParams.get("refused");
const secondsAgo = (seconds: number) => Math.floor(Date.now() / 1_000) - seconds;
const onlySession = () => db().session.findFirstOrThrow();
const isProven = async () => (await findSession((await onlySession()).id))?.isProvenLately;
const letTimePass = () => db().session.updateMany({ data: { provenAt: new Date(0) } });

describe("a person without a password", () => {
  test("confirms by signing in at their company again, in the session that is open", async () => {
    const cookies = new Map<string, string>();
    await goToCompany(carol, "sign_in", cookies);
    const { id } = await onlySession();
    await letTimePass();
    expect(await isProven()).toBe(false);
    const back = await goToCompany(carol, "proof", cookies);
    expect(`${back.pathname}${back.search}`).toBe("/confirm?done");
    expect(await isProven()).toBe(true);
    expect((await onlySession()).id).toBe(id);
  });

  test("is asked for a sign-in anew, and the company for the time of it", async () => {
    await goToCompany(carol, "sign_in");
    const { searchParams } = await pressCompany("other", { purpose: "proof" });
    expect(searchParams.get("max_age")).toBe("0");
    expect(searchParams.get("prompt")).toBe("login");
  });

  test("sees where they can confirm, while that company is switched on", async () => {
    await goToCompany(carol, "sign_in");
    const methods = async () => {
      const user = await findUser();
      return user && (await findProofMethods(user)).companies;
    };
    expect(await methods()).toEqual([{ slug: "other", name: "Contoso" }]);
    await db().companySignIn.updateMany({ where: { slug: "other" }, data: { enabled: false } });
    expect(await methods()).toEqual([]);
    await db().companySignIn.updateMany({ where: { slug: "other" }, data: { enabled: true } });
  });

  test.each(["somebody", "nobody"])("confirms nothing as %s else", async (who) => {
    const mallory = { ...carol, sub: `mallory-${who}`, email: "mallory@contoso.test" };
    if (who === "somebody") await goToCompany(mallory, "sign_in");
    const before = await db().administratorIdentity.count();
    closeBrowser();
    await db().session.deleteMany();
    await goToCompany(carol, "sign_in");
    await letTimePass();
    const back = await goToCompany(mallory, "proof");
    expect(back.pathname).toBe("/confirm");
    expect(refused(back)).toBe("company.person_differs");
    expect(await isProven()).toBe(false);
    expect(await db().administratorIdentity.count()).toBe(before + 1);
  });

  test("confirms nothing for a session that ended meanwhile, or without one", async () => {
    expect(refused(await pressCompany("other", { purpose: "proof" }))).toBe(
      "company.not_completed",
    );
    await goToCompany(carol, "sign_in");
    company.comes(carol);
    const away = await pressCompany("other", { purpose: "proof" });
    await db().session.deleteMany();
    expect(refused(await comeBack(await walkCompany(away.href)))).toBe("company.not_completed");
  });
});

test("a company that ignores max_age proves nothing, and a sign-in begun anew does", async () => {
  const before = await startCompany({
    listen: (answer) => startHttpsServer(sandbox().stateDir, answer),
    redirectUri: "http://localhost:3000/api/auth/callback/other-3",
  });
  await companyInUse(ada, before, { name: "Northwind" });
  before.ignoresMaxAge();
  before.comes(carol);
  const go = async (purpose: string) => {
    const away = await pressCompany("other-3", { purpose });
    return comeBack(await walkCompany(away.href));
  };
  await go("sign_in");
  await letTimePass();
  expect(refused(await go("proof"))).toBe("company.auth_time_missing");
  expect(await isProven()).toBe(false);
  closeBrowser();
  await db().session.deleteMany();
  await go("sign_in");
  expect(await isProven()).toBe(true);
  await before.close();
});

describe("a company that does not ask the person again", () => {
  beforeEach(async () => {
    await goToLiar("sign_in");
    await letTimePass();
  });

  test.each<[string, LyingCompany["lies"], string]>([
    [
      "because they are signed in there",
      { claims: { auth_time: secondsAgo(600) } },
      "auth_time_old",
    ],
    [
      "by its clock, while one of the two is five minutes off",
      { claims: { auth_time: secondsAgo(301), iat: secondsAgo(300) } },
      "clock_wrong",
    ],
    ["and does not say when they signed in", {}, "auth_time_missing"],
    ["and says it in words", { claims: { auth_time: "now" } }, "token_invalid"],
  ])("%s proves nothing", async (_why, lies, remedy) => {
    liar.lies = lies;
    expect(refused(await goToLiar("proof"))).toBe(`company.${remedy}`);
    expect(await isProven()).toBe(false);
  });

  test("is not believed what is beside the signed answer", async () => {
    liar.lies = { metadata: { userinfo_endpoint: `${liar.issuer}/userinfo` } };
    const before = liar.requests.length;
    expect(refused(await goToLiar("proof"))).toBe("company.auth_time_missing");
    expect(liar.requests.slice(before)).not.toContain("GET /userinfo");
  });

  test("and one that did is believed, with a clock that differs by less than a minute", async () => {
    const signedInAt = secondsAgo(40);
    liar.lies = { claims: { auth_time: signedInAt } };
    expect((await goToLiar("proof")).pathname).toBe("/confirm");
    expect(await isProven()).toBe(true);
    // The ten minutes begin when the person signed in there, not when they came back.
    expect((await onlySession()).provenAt).toEqual(new Date(signedInAt * 1_000));
  });
});

test("a sign-in by a company that knew the person since the morning proves nothing dangerous", async () => {
  liar.lies = { claims: { auth_time: secondsAgo(3_600) } };
  await goToLiar("sign_in");
  const user = await findUser();
  expect(user).toMatchObject({ kind: "user", isProvenLately: false });
  expect(() => user && requireRecentProof(user)).toThrow("Confirm that it's you.");
});
