import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { closeBrowser, jar } from "@/lib/testing/browser";
import { companyInUse } from "@/lib/testing/company";
import { comeBack, pressCompany } from "@/lib/testing/next-auth-browser";
import { startCompany, type TestCompany, walkCompany } from "@/lib/testing/openid-provider";
import { withInstallation } from "@/lib/testing/sandbox";

vi.mock("next/headers", async () =>
  (await import("@/lib/testing/next-auth-headers")).browserHeaders(),
);

const sandbox = withInstallation();
const ada = administrator();
let company: TestCompany;

beforeAll(async () => {
  const redirectUri = "http://localhost:3000/api/auth/callback/other";
  company = await startCompany({ stateDir: sandbox().stateDir, redirectUri });
  await companyInUse(ada, company);
});
afterAll(() => company.close());
beforeEach(closeBrowser);

const carol = {
  sub: "carol-1",
  name: "Carol",
  email: "carol@contoso.test",
  groups: ["ops", "chess"],
};

test("a new person with a group signs in at the company and has its role", async () => {
  company.comes(carol);
  const away = await pressCompany("other");
  expect(away.href).toMatch(`${company.issuer}/auth?`);
  const there = await walkCompany(away.href);
  expect((await comeBack(there)).href).toBe("http://localhost:3000/");
  const person = await db().administrator.findUniqueOrThrow({
    where: { email: "carol@contoso.test" },
    include: { sessions: true, identities: true },
  });
  expect(person).toMatchObject({ role: "operator", passwordHash: null, name: "Carol" });
  expect(person.identities).toMatchObject([{ issuer: company.issuer, subject: "carol-1" }]);
  expect(person.sessions).toMatchObject([{ method: "company" }]);
  expect([...jar.keys()]).toContain("postkey.session");
});
