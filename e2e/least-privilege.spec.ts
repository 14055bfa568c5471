import { query } from "./database";
import { expect, installation, test } from "./installation";
import { addAccount, addApplication, serviceApplication } from "./objects";

test.describe.configure({ mode: "serial" });

/** The last three are those that Exchange limits by roles. */
const ALL = [
  ...["IMAP.AccessAsApp", "POP.AccessAsApp"],
  ...["SMTP.SendAsApp", "Mail.Send", "Mail.ReadBasic"],
];

/** In Entra, and no others. */
async function grant(permissions: readonly string[]) {
  const { clientId } = await serviceApplication();
  await fetch(new URL(`/registrations/${clientId}/permissions`, installation.controlUrl), {
    method: "POST",
    body: new URLSearchParams(permissions.map((name) => ["granted", name])),
  });
}

test.afterAll(() => grant(ALL));

test("an application is narrowed to three mailboxes with what its page prints, and is seen to be", async ({
  page,
}) => {
  const provider = await addApplication("Narrowed");
  const graph = { sendsBy: "graph", readsBy: "graph" } as const;
  for (const [name, by] of Object.entries({ alice: graph, support: graph, sales: {} })) {
    const names = { name: `Narrow ${name}`, key: `N${name.slice(0, 4)}` };
    await addAccount({ provider: "Narrowed", ...names, address: `${name}@contoso.test`, ...by });
  }

  await page.goto(provider);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByRole("button", { name: "Connect again" })).toBeVisible();
  await page.getByRole("button", { name: "Name a mailbox" }).click();
  await page.getByLabel("Email Address").fill("bob@contoso.test");
  await page.getByRole("button", { name: "Save and check" }).click();
  await expect(page.getByText("The application opens it").first()).toBeVisible();

  const printed = page.getByRole("group", { name: "Exchange Online PowerShell: roles" });
  const script = (await printed.textContent()) ?? "";
  await page.goto(new URL("/exchange", installation.controlUrl).href);
  await page.getByLabel("Commands").fill(script);
  await page.getByRole("button", { name: "Run" }).click();
  await expect(page.getByText("InScope True").first()).toBeVisible();
  await expect(page.getByText("refused", { exact: true })).toHaveCount(0);
  await grant(ALL.slice(0, 2));
  await page.goto(provider);
  const [narrowed] = await query("SELECT now()::text AS at");
  await page.getByRole("button", { name: "Connect again" }).click();
  await page.getByRole("button", { name: "Check now" }).click();
  await expect(page.getByText("It stays closed").first()).toBeVisible();
  // Postkey tests by itself what a new token opens.
  const tested = `SELECT "testFailureId" AS failure FROM "EmailAccount"
    WHERE name LIKE 'Narrow %' AND "lastTestedAt" > $1::timestamptz`;
  const failures = async () => (await query(tested, [narrowed.at])).map(({ failure }) => failure);
  await expect.poll(failures).toEqual([null, null, null]);
});
