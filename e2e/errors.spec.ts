import { expect, installation, setFault, signInAtSandbox, test } from "./installation";
import { addProvider } from "./objects";

test("a failure of the sign-in tells what the support asks for, and leads to the page of the application", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(await addProvider("Unknown number"));
  await setFault("raise:99999998", { on: "true", at: "token" });
  await page.getByRole("button", { name: "Authenticate" }).click();
  await signInAtSandbox(page, "alice@contoso.test");
  const panel = page.locator("[data-remedy=AADSTS99999998]");
  await panel.getByRole("button", { name: "Copy for support" }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(
    /^Code: AADSTS99999998\nCorrelation ID: \S{36}\nTrace ID: \S{36}\nTime: 20/,
  );

  await setFault("raise:99999998", { on: "false" });
  await setFault("no_refresh_token");
  await panel.getByRole("button", { name: "Authenticate" }).click();
  await signInAtSandbox(page, "alice@contoso.test");
  const remedy = page.locator('[data-remedy="postkey.no_refresh_token"]');
  await expect(remedy.getByRole("link", { name: "API permissions page" })).toHaveAttribute(
    "href",
    new RegExp(installation.registration.clientId),
  );
  await expect(page.getByText("alice@contoso.test", { exact: true })).toBeHidden();
});
