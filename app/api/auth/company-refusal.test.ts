import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readRefusal } from "@/lib/http/auth/company-refusal";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { closeBrowser } from "@/lib/testing/browser";
import { jar } from "@/lib/testing/browser-cookies";
import { companyInUse } from "@/lib/testing/company";
import { startHttpsServer } from "@/lib/testing/https-server";
import { ask, comeBack, pressCompany } from "@/lib/testing/next-auth-browser";
import { startCompany, type TestCompany } from "@/lib/testing/openid-provider";
import { withInstallation } from "@/lib/testing/sandbox";
import { walkCompany } from "@/lib/testing/walk-company";

const sandbox = withInstallation();
const carol = { sub: "carol-1", name: "Carol", email: "carol@contoso.test", groups: ["chess"] };
const NO_ROLE = { refused: "company.no_role" };
const COOKIE = "postkey.company-refused";
let company: TestCompany;

beforeAll(async () => {
  company = await startCompany({
    listen: (answer) => startHttpsServer(sandbox().stateDir, answer),
    redirectUri: "http://localhost:3000/api/auth/callback/other",
  });
  await companyInUse(administrator(), company);
});
afterAll(() => company.close());
beforeEach(async () => {
  closeBrowser();
  company.comes(carol);
  await db().administrator.deleteMany();
  await db().signInThrottle.deleteMany();
});

const walk = async () => walkCompany((await pressCompany("other")).href);
const signedInAs = async (query: object) => (await readRefusal({ ...query })).signedInAs;

describe("who is refused", () => {
  test("reads with which account they came, whatever became of them", async () => {
    const back = await comeBack(await walk());
    expect(await readRefusal(Object.fromEntries(back.searchParams))).toMatchObject({
      remedy: { id: "company.no_role" },
      signedInAs: { company: "Contoso", username: carol.email },
    });
    company.comes({ sub: "dora-1", name: "Dora", groups: ["chess"] });
    await comeBack(await walk());
    expect(await signedInAs(NO_ROLE)).toEqual({ company: "Contoso", username: "Dora" });
  });

  test("has it in a cookie that no one else can read or write", async () => {
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
  });

  test("reads no name that an address has, nor one that was kept for another cause", async () => {
    const forged = { ...NO_ROLE, company: "Contoso", username: "eve@evil.test" };
    expect(await readRefusal(forged)).toMatchObject({
      remedy: { id: "company.no_role" },
      signedInAs: null,
    });
    await comeBack(await walk());
    expect(await signedInAs({ refused: "company.person_disabled" })).toBeNull();
    expect(await readRefusal({})).toEqual({ remedy: null, signedInAs: null });
  });

  test("reads it no more once they try again, nor where they get no account at the company", async () => {
    await comeBack(await walk());
    const away = await pressCompany("other");
    expect(jar.has(COOKIE)).toBe(false);
    const state = away.searchParams.get("state") ?? "";
    const cancelled = new URLSearchParams({ error: "access_denied", state });
    await comeBack(new URL(`http://localhost:3000/api/auth/callback/other?${cancelled}`));
    expect(jar.has(COOKIE)).toBe(false);
  });
});
