import { createServer } from "node:https";
import { dirname } from "node:path";
import type { Browser, Page } from "@playwright/test";
import { startCompany, type TestCompany } from "../lib/testing/openid-provider";
import { query } from "./database";
import { expect, installation, STRANGER } from "./installation";
import { loadCertificates } from "./sandbox/certificates";
import { listenOnLoopback } from "./sandbox/listen";

export const CAROL = {
  sub: "carol-1",
  name: "Carol Vance",
  email: "carol@contoso.example",
  groups: ["postkey-operators", "chess"],
};

/** A company with one person, at which the installation may sign people in. */
export async function openCompany(): Promise<TestCompany> {
  const { certificatePem: cert, privateKeyPem: key } = loadCertificates(
    dirname(installation.caFile),
  ).server;
  const company = await startCompany({
    redirectUri: `${installation.url}/api/auth/callback/other`,
    listen: async (answer) => {
      const { port, close } = await listenOnLoopback(() => createServer({ cert, key }, answer));
      return { origin: `https://localhost:${port}`, close };
    },
  });
  company.comes(CAROL);
  return company;
}

export async function closeCompany(company: TestCompany): Promise<void> {
  await query(`DELETE FROM "CompanyPolicy"`);
  await query(`DELETE FROM "CompanySignIn"`);
  await query(`DELETE FROM "Incident" WHERE kind = 'password'`);
  await query(`DELETE FROM "Administrator" WHERE email = $1`, [CAROL.email]);
  await company.close();
}

/** Adds it with a right or a wrong secret, up to its own page. */
export async function addCompany(page: Page, { issuer, clientId }: TestCompany, secret: string) {
  await page.goto("/settings/sign-in/new");
  await page.getByLabel("Provider").selectOption({ label: "Any OpenID provider" });
  await page.getByLabel("Name on the button").fill("Contoso");
  await page.getByLabel("Issuer").fill(issuer);
  await page.getByLabel("Client ID").fill(clientId);
  await page.locator("input[name=clientSecret]").fill(secret);
  await page.getByLabel("Values for Operator").fill("postkey-operators");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Contoso", level: 1 })).toBeVisible();
}

/** A browser that trusts the company's certificate, and without a session. */
export async function newPage(browser: Browser, phone = false): Promise<Page> {
  const context = await browser.newContext({
    ...STRANGER,
    baseURL: installation.url,
    ignoreHTTPSErrors: true,
    viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 900 },
    colorScheme: phone ? "dark" : "light",
  });
  return context.newPage();
}

export async function signInAtCompany(page: Page): Promise<void> {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Sign in with Contoso" }).click();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
}
