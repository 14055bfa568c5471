import { addProvider, expect, signInAtSandbox, test } from "./installation";

/** What a person reads who comes back from a sign-in that did not go as usual. */
test("the Back button and another person: the page says that the first answer counts", async ({
  page,
}) => {
  await addProvider(page, "Back and forth");
  await page.getByRole("button", { name: "Authenticate" }).click();
  await page.waitForURL(/\/authorize\?/);
  const chooser = page.url();
  await signInAtSandbox(page, "alice@contoso.test");
  await page.goto(chooser);
  await page.getByText("bob@contoso.test", { exact: true }).click();
  const accept = page.getByRole("button", { name: "Accept" });
  const told = page.getByRole("heading", { name: "This sign-in was already completed." });
  await expect(accept.or(told)).toBeVisible();
  if (await accept.isVisible()) await accept.click();
  await expect(told).toBeVisible();
  await page.getByRole("link", { name: "Back to Cloud Providers" }).click();
  await page.getByRole("link", { name: "Back and forth" }).click();
  await expect(page.getByRole("heading", { name: "Back and forth", level: 1 })).toBeVisible();
  await expect(page.getByRole("row", { name: /alice@contoso\.test/ })).toBeVisible();
  await expect(page.getByText("bob@contoso.test")).toBeHidden();
});

test("a provider that was deleted meanwhile: the list says so", async ({ page, context }) => {
  await addProvider(page, "Gone meanwhile");
  await page.getByRole("button", { name: "Authenticate" }).click();
  await page.waitForURL(/\/authorize\?/);
  const other = await context.newPage();
  await other.goto("/settings/cloud-providers?search=gone");
  await other.getByRole("button", { name: "Actions for Gone meanwhile" }).click();
  await other.getByRole("menuitem", { name: "Delete" }).click();
  await other.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(other.getByRole("row", { name: /Gone meanwhile/ })).toBeHidden();
  await signInAtSandbox(page, "alice@contoso.test");
  await expect(page.getByRole("heading", { name: "Cloud Providers", level: 1 })).toBeVisible();
  await expect(page.locator('[data-remedy="callback.provider_deleted"]')).toContainText(
    "The provider was deleted while someone was signing in.",
  );
});
