import { query } from "./database";
import { addAccount, addProvider, expect, setFault, signInAtSandbox, test } from "./installation";

const BOB = "bob@contoso.test";

test.afterAll(async () => {
  await query(`DELETE FROM "EmailAccount" WHERE name = 'Orders by Graph'`);
  await query(`DELETE FROM "CloudProvider" WHERE name = 'Graph'`);
});

test("where SMTP AUTH is off, one press and one consent send through Microsoft Graph", async ({
  page,
}) => {
  await setFault("smtp_auth_disabled_tenant", { on: "true", mailbox: BOB });
  await addProvider(page, "Graph");
  const account = { name: "Orders by Graph", key: "GRAPH", address: BOB, provider: "Graph" };
  await addAccount(page, account);
  const signIn = page.getByRole("button", { name: `Sign in as ${BOB}` }).first();
  await signIn.click();
  await signInAtSandbox(page, BOB);
  await page.goto("/email/accounts?search=Graph");
  await page.getByRole("link", { name: account.name, exact: true }).click();
  await page.getByRole("button", { name: "Test connection" }).click();
  await page.getByRole("button", { name: "Send through Microsoft Graph instead" }).first().click();
  await expect(
    page.getByText("Sending through Microsoft Graph is not consented to.").first(),
  ).toBeVisible();
  await signIn.click();
  await signInAtSandbox(page, BOB);
  await page.goto("/email/accounts?search=Graph");
  await page.getByRole("link", { name: account.name, exact: true }).click();
  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(page.getByText("IMAP, Microsoft Graph and POP3 work.")).toBeVisible();
  await expect(page.getByTitle("Graph works").first()).toBeVisible();
});
