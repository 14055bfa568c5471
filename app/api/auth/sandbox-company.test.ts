import { beforeAll, expect, test } from "vitest";
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

/** A person who chooses who they are on the page of the demonstration's company. */
async function comeAs(account: string, purpose = "sign_in"): Promise<URL> {
  const away = await pressCompany("other", { purpose });
  const body = new URLSearchParams({ account });
  const { headers } = await fetch(away, { method: "POST", body, redirect: "manual" });
  return comeBack(new URL(headers.get("location") ?? "about:blank"));
}

test("the company of the demonstration signs its people in, confirms who they are, and signs them out", async () => {
  expect((await comeAs("ines@contoso.example")).href).toBe("http://localhost:3000/");
  expect((await comeAs("ines@contoso.example", "proof")).search).toBe("?done");
  const address = (await signOut()) ?? "";
  const { headers } = await fetch(address, { redirect: "manual" });
  expect(headers.get("location")).toBe("http://localhost:3000/sign-in");
  closeBrowser();
  await comeAs("tom@contoso.example");
  const people = await db().administrator.findMany({ orderBy: { name: "asc" } });
  expect(people.map(({ role }) => role)).toEqual(["administrator", "operator"]);
  closeBrowser();
  const guest = await comeAs("max@contoso.example");
  expect(guest.searchParams.get("refused")).toBe("company.no_role");
});
