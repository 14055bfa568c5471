import type { Browser, Page } from "@playwright/test";
import { query } from "./database";
import { installation, STRANGER } from "./installation";
import { addAccount, addProvider } from "./objects";

const PROVIDER = "Owners";
export const ALICE = { name: "Alice's own", key: "own1", address: "alice@contoso.test" };
export const BOB = { name: "Bob's own", key: "own2", address: "bob@contoso.test" };
/** Of the sandbox's server that knows passwords. */
export const LEGACY = {
  name: "Legacy's own",
  key: "own3",
  address: installation.passwordMail.address,
};

export async function addOwned(): Promise<void> {
  // Of the same people, for other accounts.
  await query(`DELETE FROM "SignInLink"`);
  await addProvider(PROVIDER);
  for (const account of [ALICE, BOB, LEGACY]) await addAccount({ ...account, provider: PROVIDER });
}

export async function removeOwned(): Promise<void> {
  await query(`DELETE FROM "EmailAccount" WHERE key IN ('own1', 'own2', 'own3')`);
  await query(`DELETE FROM "AlertChannel" WHERE name = 'Links to owners'`);
  await query(`DELETE FROM "CloudProvider" WHERE name = $1`, [PROVIDER]);
}

export const signOutOwners = () =>
  query(
    `DELETE FROM "Authorization" a USING "CloudProvider" p WHERE p.id = a."cloudProviderId" AND p.name = $1`,
    [PROVIDER],
  );

/** An owner on a phone, who has no account here. */
export async function ownersPage(browser: Browser): Promise<Page> {
  const viewport = { width: 390, height: 844 };
  const context = await browser.newContext({ baseURL: installation.url, viewport, ...STRANGER });
  return context.newPage();
}

/** In the menu of a link. */
export async function chooseFor(page: Page, username: string, item: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for the link of ${username}` }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

export const rowOf = (page: Page, text: string) => page.getByRole("row").filter({ hasText: text });

export async function newLinkFor(page: Page, account: string): Promise<string> {
  await page.goto(`/email/accounts?search=${encodeURIComponent(account)}`);
  await page.getByRole("button", { name: `Actions for ${account}` }).click();
  await page.getByRole("menuitem", { name: "Create sign-in link" }).click();
  await page.getByRole("button", { name: /^(Create|Replace) link$/ }).click();
  return page
    .getByRole("dialog")
    .getByRole("textbox", { name: /Link for/ })
    .inputValue();
}
