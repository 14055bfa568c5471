import type { Page } from "@playwright/test";
import { addAccounts, query } from "./database";

export const COUNT = 60;
export const FLEET = "/email/accounts?search=fleet";

export async function addFleet(): Promise<void> {
  await query(
    `INSERT INTO "ContactList" (id, name, "nameKey") VALUES (gen_random_uuid(), 'Fleet list', 'fleet list')`,
  );
  await query(`INSERT INTO "CloudProvider" (id, name, "nameKey", "clientId", "tenantId", "redirectUri")
    VALUES (gen_random_uuid(), 'Fleet tenant', 'fleet tenant', 'x', 'x', 'https://x.test/')`);
  await addAccounts("Fleet", { to: COUNT });
}

export async function removeFleet(): Promise<void> {
  await query(`DELETE FROM "EmailAccount" WHERE name LIKE 'Fleet %'`);
  await query(`DELETE FROM "ContactList" WHERE name = 'Fleet list'`);
  await query(`DELETE FROM "CloudProvider" WHERE name = 'Fleet tenant'`);
}

/** Of a menu that loads when it is opened. */
export async function chooseForAll(page: Page, wish: string): Promise<void> {
  await page.getByRole("button", { name: /^Change \(/ }).click();
  await page.getByRole("menuitem", { name: wish }).click();
}
