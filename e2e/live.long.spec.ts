import { setTimeout as sleep } from "node:timers/promises";
import { adminsPage, expect, signInAtSandbox, test } from "./installation";
import { addProvider } from "./objects";

test("a page that nobody touched for 20 minutes shows what it missed as soon as somebody is back", async ({
  page,
  browser,
}) => {
  await page.goto(await addProvider("Missed"));
  const other = await adminsPage(browser);
  await other.clock.install();
  await other.goto("/settings/cloud-providers?search=missed");
  const row = other.getByRole("row", { name: /Missed/ });
  await expect(row).toContainText("Not signed in");
  await other.clock.fastForward("21:00");

  await page.getByRole("button", { name: "Authenticate" }).click();
  await signInAtSandbox(page, "adele@contoso.test");
  await sleep(3_000); // the notice is there long before
  await expect(row).toContainText("Not signed in");
  await other.mouse.move(100, 100);
  await expect(row).toContainText("adele@contoso.test");
  await other.context().close();
});
