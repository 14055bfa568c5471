import { describe, expect, test } from "vitest";
import { findSession } from "@/lib/access/administrators/store";
import { findProofMethods } from "@/lib/access/factors/queries";
import { findUser } from "@/lib/http/auth/session";
import { db } from "@/lib/kernel/db";
import { closeBrowser } from "@/lib/testing/browser";
import { comeBack, pressCompany } from "@/lib/testing/next-auth-browser";
import { walkCompany } from "@/lib/testing/walk-company";
import { carol, refused, withCompany } from "@/lib/testing/with-company";

const { company, comes } = withCompany();
const PROOF = { purpose: "proof" };
const onlySession = () => db().session.findFirstOrThrow();
const isProven = async () => (await findSession((await onlySession()).id))?.isProvenLately;
const letTimePass = () => db().session.updateMany({ data: { provenAt: new Date(0) } });

describe("a person without a password", () => {
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

  test("is asked for a sign-in anew, and the company for the time of it", async () => {
    await comes(carol);
    const { searchParams } = await pressCompany("other", PROOF);
    expect(searchParams.get("max_age")).toBe("0");
    expect(searchParams.get("prompt")).toBe("login");
  });

  test("sees where they can confirm, while that company is switched on", async () => {
    await comes(carol);
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

  test("confirms nothing for a session that ended meanwhile, or without one", async () => {
    expect(refused(await pressCompany("other", PROOF))).toBe("company.not_completed");
    await comes(carol);
    company().comes(carol);
    const away = await pressCompany("other", PROOF);
    await db().session.deleteMany();
    expect(refused(await comeBack(await walkCompany(away.href)))).toBe("company.not_completed");
  });
});

// The last one: this company ignores it from here on.
test("a company that ignores max_age proves nothing, and a sign-in begun anew does", async () => {
  company().ignoresMaxAge();
  await comes(carol);
  await letTimePass();
  expect(refused(await comes(carol, PROOF))).toBe("company.auth_time_missing");
  expect(await isProven()).toBe(false);
  closeBrowser();
  await db().session.deleteMany();
  await comes(carol);
  expect(await isProven()).toBe(true);
});
