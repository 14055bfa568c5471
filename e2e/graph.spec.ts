import { query } from "./database";
import { expect, setFault, signInAtSandbox, test } from "./installation";
import { addAccount, addProvider } from "./objects";

const BOB = "bob@contoso.test";

test.afterAll(async () => {
  await query(`DELETE FROM "EmailAccount" WHERE name = 'Orders by Graph'`);
  await query(`DELETE FROM "CloudProvider" WHERE name = 'Graph'`);
});

test("where SMTP AUTH and IMAP are off, one press and one consent each use Microsoft Graph", async ({
  page,
}) => {
  await setFault("smtp_auth_disabled_tenant", { on: "true", mailbox: BOB });
  await addProvider("Graph");
  const account = { name: "Orders by Graph", key: "GRAPH", address: BOB, provider: "Graph" };
  await page.goto(await addAccount(account));
  const signInAndTest = async () => {
    await page
      .getByRole("button", { name: `Sign in as ${BOB}` })
      .first()
      .click();
    await signInAtSandbox(page, BOB);
    await page.goto("/email/accounts?search=Graph");
    await page.getByRole("link", { name: account.name, exact: true }).click();
    await page.getByRole("button", { name: "Test connection" }).click();
  };
  const press = async (way: string) => {
    await page
      .getByRole("button", { name: `${way} through Microsoft Graph instead` })
      .first()
      .click();
    await expect(
      page.getByText(/ through Microsoft Graph is not consented to\./).first(),
    ).toBeVisible();
  };
  await signInAndTest();
  await press("Send");
  await signInAndTest();
  await expect(
    page.getByText("IMAP, sending through Microsoft Graph and POP3 work."),
  ).toBeVisible();
  for (const fault of ["imap_disabled", "pop_disabled"])
    await setFault(fault, { on: "true", mailbox: BOB });
  await page.getByRole("button", { name: "Test connection" }).click();
  await press("Read");
  await signInAndTest();
  await expect(
    page.getByText("Reading through Microsoft Graph and sending through Microsoft Graph work."),
  ).toBeVisible();
  await expect(page.getByTitle("Graph reads works").first()).toBeVisible();
});
