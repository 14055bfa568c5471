import { expect, test } from "./installation";

test("a button in a dialog that is busy leaves the focus there, and has it again", async ({
  page,
}) => {
  await page.goto("/settings/api-keys");
  await page.getByRole("button", { name: "New API key" }).press("Enter");
  await expect(page.getByRole("dialog").getByRole("textbox", { name: "Name" })).toBeFocused();
  await page.keyboard.type("Busy");
  await page.getByLabel("Read contacts").check();
  let answer = () => {};
  const isAnswered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  // Nobody answers until it is said; then the network fails, and the dialog stays.
  await page.route("**/settings/api-keys", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    await isAnswered;
    await route.abort();
  });
  const create = page.getByRole("dialog").getByRole("button", { name: "Create key" });
  await create.press("Enter");
  await expect(create).toBeDisabled();
  await expect(page.locator("[role=dialog] :focus, [role=dialog]:focus")).toBeAttached();
  answer();
  await expect(create).toBeEnabled();
  await expect(create).toBeFocused();
});
