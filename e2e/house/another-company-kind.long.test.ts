import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { TestCompany } from "@/lib/testing/openid-provider";

/*
 * All that one more kind of company sign-in is: what it says of itself (lib/testing/lotus.ts), and its row. What is
 * derived from the row is loaded after it.
 */
vi.resetModules();
afterAll(() => {
  vi.resetModules();
});
const { PRESET_TABLE } = await import("@/lib/oauth/openid/presets/table");
const { lotusAt } = await import("@/lib/testing/lotus");
Object.assign(PRESET_TABLE, { lotus: lotusAt("") });
const { findCompanySignIn, findRedirectUris } = await import("@/lib/people/company/queries");
const { createCompanySignInSchema } = await import("@/lib/people/company/schema");
const { db } = await import("@/lib/kernel/db");
const { PRESET_FACTS } = await import("@/lib/oauth/openid/schema");
const { administrator } = await import("@/lib/testing/actors");
const { closeBrowser } = await import("@/lib/testing/browser");
const { companyForm, companyInUse } = await import("@/lib/testing/company");
const { startHttpsServer } = await import("@/lib/testing/https-server");
const { comeBack, pressCompany } = await import("@/lib/testing/next-auth-browser");
const { startCompany } = await import("@/lib/testing/openid-provider");
const { withInstallation } = await import("@/lib/testing/sandbox");
const { walkCompany } = await import("@/lib/testing/walk-company");

const sandbox = withInstallation();
const ada = administrator();
// An id that no type knows, because no table has it outside of this file.
const KIND = "lotus" as never;
const POND = { preset: KIND, domains: "Pond.example", issuer: "" };
let company: TestCompany;
let id: string;

beforeAll(async () => {
  company = await startCompany({
    listen: (answer) => startHttpsServer(sandbox().stateDir, answer),
    redirectUri: "http://localhost:3000/api/auth/callback/lotus",
  });
  Object.assign(PRESET_FACTS[KIND], lotusAt(company.issuer));
  id = await companyInUse(ada, company, POND);
});
afterAll(() => company.close());
beforeEach(async () => {
  closeBrowser();
  await db().administrator.deleteMany();
});

const frog = { sub: "frog-1", name: "Frog", email: "frog@pond.example", groups: ["ops"] };

async function goToCompany(pond: string | undefined): Promise<URL> {
  company.comes({ ...frog, pond });
  return comeBack(await walkCompany((await pressCompany("lotus")).href));
}

describe("another kind of company sign-in", () => {
  test("is filled in by its own field", () => {
    const form = { ...companyForm(company, POND), domains: "" };
    expect(createCompanySignInSchema.safeParse(form).error?.issues).toMatchObject([
      { path: ["domains"], message: "Enter your pond." },
    ]);
  });

  test("is stored with its issuer, at an address of its own", async () => {
    expect(await findCompanySignIn(ada, id)).toMatchObject({
      slug: "lotus",
      preset: "lotus",
      issuer: company.issuer,
      cloud: null,
      pinned: ["pond.example"],
    });
    expect(await findRedirectUris(ada)).toMatchObject({
      lotus: expect.stringContaining("/callback/lotus-2"),
    });
  });

  test("preselects what it pins, and admits its own people alone", async () => {
    const { searchParams } = await pressCompany("lotus");
    expect(searchParams.get("pond_hint")).toBe("pond.example");
    for (const pond of ["lake.example", undefined])
      expect((await goToCompany(pond)).searchParams.get("refused")).toBe("company.domain_foreign");
    expect(await db().administrator.count()).toBe(0);
    expect((await goToCompany("pond.example")).searchParams.get("refused")).toBeNull();
    expect(await db().administrator.findMany()).toMatchObject([
      { email: frog.email, role: "operator", managedById: id },
    ]);
  });

  test("asks for a new sign-in in the words that it takes", async () => {
    await goToCompany("pond.example");
    const { searchParams } = await pressCompany("lotus", { purpose: "proof" });
    expect(searchParams.get("max_age")).toBe("0");
    expect(searchParams.has("prompt")).toBe(false);
  });
});
