import type { Browser, Locator, Page } from "@playwright/test";
import { Clicks } from "./clicks";
import { query } from "./database";
import { adminsPage, clearFaults, expect, installation, signInAtSandbox } from "./installation";
import { addAccount, addProvider } from "./objects";

/** The most that the repair of a known failure takes, from the Overview on. */
export const MOST_CLICKS = 4;

export const PROVIDER = "Repaired";
export const ADELE = { name: "Adele repaired", key: "rep", address: "adele@contoso.test" };

/** An account that is signed in and works, and two people who could be a delegate. */
export async function addWorking(browser: Browser, others: readonly string[]) {
  const page = await adminsPage(browser);
  await page.goto(await addProvider(PROVIDER));
  await page.getByRole("button", { name: "Authenticate" }).click();
  await signInAtSandbox(page, ADELE.address);
  for (const other of others) {
    await page.getByRole("button", { name: "Sign in another mailbox" }).click();
    await signInAtSandbox(page, other);
  }
  await addAccount({ ...ADELE, provider: PROVIDER });
  await page.context().close();
}

export async function removeRepaired(): Promise<void> {
  await query(`DELETE FROM "EmailAccount" WHERE key IN ('rep', 'rps', 'rpt')`);
  await query(`DELETE FROM "CloudProvider" WHERE name = $1`, [PROVIDER]);
}

const MAKE_DUE = `UPDATE "TokenSet" t SET "refreshDueAt" = now() FROM "Authorization" a JOIN "CloudProvider" p
    ON p.id = a."cloudProviderId" WHERE a.id = t."authorizationId" AND p.name = $1 AND a.username = $2
    AND t."leaseOwner" IS NULL RETURNING 1`;

/** The keeper renews what is due within seconds, and meets the fault; one that is under way would put it off. */
export const renewNow = () =>
  expect.poll(() => query(MAKE_DUE, [PROVIDER, ADELE.address])).toHaveLength(1);

export const testNow = (key: string) =>
  query(`UPDATE "EmailAccount" SET "nextTestAt" = now() WHERE key = $1`, [key]);

/** The incident among those that need a person now. */
const needOf = (page: Page, title: string) =>
  page.getByRole("listitem").filter({ hasText: title }).filter({ hasText: PROVIDER });

export async function openFailing(page: Page, title: string): Promise<Locator> {
  await page.goto("/");
  const need = needOf(page, title);
  await expect(need).toBeVisible();
  return need;
}

/** Of the report of the test that was begun. */
export async function expectWorking(page: Page): Promise<void> {
  const conclusion = page.getByRole("status").filter({ hasText: "IMAP, SMTP and POP3 work." });
  await expect(conclusion).toBeVisible();
}

type Repaired = { clicks: Clicks; title: string; name?: string };

export async function expectRepaired(
  page: Page,
  { clicks, title, name = ADELE.name }: Repaired,
): Promise<void> {
  await page.goto(`/email/accounts?search=${encodeURIComponent(name)}`);
  await expect(page.getByRole("row", { name: new RegExp(name) })).toContainText("Connected");
  await page.goto("/");
  await expect(needOf(page, title)).toHaveCount(0);
  expect(clicks.count).toBeLessThanOrEqual(MOST_CLICKS);
}

/** The repair of a secret that expired, from the Overview on. @returns the clicks that it took */
export async function replaceSecret(page: Page, title: string): Promise<Clicks> {
  const need = await openFailing(page, title);
  const clicks = new Clicks();
  await clicks.on(need.getByRole("link", { name: "Update Client Secret" }));
  await clearFaults();
  await enterSecret(page, clicks);
  return clicks;
}

export async function enterSecret(page: Page, clicks: Clicks): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("New client secret").fill(installation.registration.clientSecret);
  await clicks.on(dialog.getByRole("button", { name: "Save" }));
  await expect(dialog).toBeHidden();
}
