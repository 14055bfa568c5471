import { addProvider, expect, signInAtSandbox, test } from "./installation";

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
