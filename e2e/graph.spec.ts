import { addAccount, addProvider, expect, setFault, signInAtSandbox, test } from "./installation";

const BOB = "bob@contoso.test";

test("where SMTP AUTH is off, one press and one consent send through Microsoft Graph", async ({
  page,
}) => {
  await setFault("smtp_auth_disabled_tenant");
  await addProvider(page, "Graph");
  await addAccount(page, { name: "Orders", key: "ORD", address: BOB, provider: "Graph" });
  await page.getByRole("button", { name: `Sign in as ${BOB}` }).click();
  await signInAtSandbox(page, BOB);
  await page.goto("/email/accounts");
  await page.getByRole("link", { name: "Orders" }).click();
  await page.getByRole("button", { name: "Test connection" }).click();
  await page.getByRole("button", { name: "Send through Microsoft Graph instead" }).first().click();
  await page
    .getByRole("button", { name: `Sign in as ${BOB}` })
    .first()
    .click();
  await signInAtSandbox(page, BOB);
  await page.goto("/email/accounts");
  await page.getByRole("link", { name: "Orders" }).click();
  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(page.getByText("IMAP, Microsoft Graph and POP3 work.")).toBeVisible();
});
