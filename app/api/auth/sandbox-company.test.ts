import { beforeAll, beforeEach, expect, test } from "vitest";
import { signOut } from "@/lib/http/auth/session";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { administrator } from "@/lib/testing/actors";
import { closeBrowser } from "@/lib/testing/browser";
import { companyInUse } from "@/lib/testing/company";
import { comeBack, pressCompany } from "@/lib/testing/next-auth-browser";
import { withInstallation } from "@/lib/testing/sandbox";

const sandbox = withInstallation();

beforeAll(async () => {
  // As the demonstration is started.
  env().privateHosts = new Set(["localhost"]);
  await companyInUse(administrator(), sandbox().company, {
    administrator: "postkey-admins",
    operator: "postkey-operators",
    endsAtCompany: true,
  });
});
beforeEach(async () => {
  closeBrowser();
  await db().administrator.deleteMany();
});

/** A person who chooses who they are on the page of the demonstration's company. */
async function comeAs(account: string, purpose = "sign_in"): Promise<URL> {
  const away = await pressCompany("other", { purpose });
  expect(await (await fetch(away)).text()).toContain("Ines Moreau");
  const body = new URLSearchParams({ account });
  const { headers } = await fetch(away, { method: "POST", body, redirect: "manual" });
  return comeBack(new URL(headers.get("location") ?? "about:blank"));
}

test("the company of the demonstration signs its people in, with the role of their group", async () => {
  expect((await comeAs("ines@contoso.example")).href).toBe("http://localhost:3000/");
  closeBrowser();
  await comeAs("tom@contoso.example");
  const people = await db().administrator.findMany({ orderBy: { name: "asc" } });
  expect(people).toMatchObject([
    { name: "Ines Moreau", role: "administrator" },
    { name: "Tom Okafor", role: "operator" },
  ]);
  closeBrowser();
  const guest = await comeAs("max@contoso.example");
  expect(guest.searchParams.get("refused")).toBe("company.no_role");
});

test("and lets them confirm who they are, and sign out", async () => {
  await comeAs("ines@contoso.example");
  expect((await comeAs("ines@contoso.example", "proof")).search).toBe("?done");
  const wrong = await comeAs("tom@contoso.example", "proof");
  expect(wrong.searchParams.get("refused")).toBe("company.person_differs");
  const address = (await signOut()) ?? "";
  const { headers } = await fetch(address, { redirect: "manual" });
  expect(headers.get("location")).toBe("http://localhost:3000/sign-in");
});

test("but sends nobody to another address than Postkey's", async () => {
  const away = await pressCompany("other");
  away.searchParams.set("redirect_uri", "https://evil.test/api/auth/callback/other");
  const body = new URLSearchParams({ account: "ines@contoso.example" });
  const { status, headers } = await fetch(away, { method: "POST", body, redirect: "manual" });
  expect(status).toBe(400);
  expect(headers.get("location")).toBeNull();
});
