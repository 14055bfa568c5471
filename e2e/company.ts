import { createServer } from "node:https";
import { dirname } from "node:path";
import type { Browser, Page } from "@playwright/test";
import { Client } from "pg";
import { startCompany, type TestCompany } from "../lib/testing/openid-provider";
import { installation } from "./installation";
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
      const { port, close } = await listenOnLoopback(() => createServer({ cert, key }, answer), {});
      return { origin: `https://localhost:${port}`, close };
    },
  });
  company.comes(CAROL);
  return company;
}

export async function query(...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: installation.databaseUrl });
  await client.connect();
  for (const sql of statements) await client.query(sql);
  await client.end();
}

export async function closeCompany(company: TestCompany): Promise<void> {
  await query(
    `DELETE FROM "CompanyPolicy"`,
    `DELETE FROM "CompanySignIn"`,
    `DELETE FROM "Incident" WHERE kind = 'password'`,
    `DELETE FROM "Administrator" WHERE email = '${CAROL.email}'`,
  );
  await company.close();
}

/** A browser that trusts the company's certificate. */
export async function newPage(browser: Browser, phone = false): Promise<Page> {
  const context = await browser.newContext({
    baseURL: installation.url,
    ignoreHTTPSErrors: true,
    viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 900 },
    colorScheme: phone ? "dark" : "light",
  });
  return context.newPage();
}
