import { addAccounts, query } from "./database";
import { expect, test } from "./installation";

const runs = () => query(`SELECT id FROM "TestRun" WHERE total = 1197`);

test.afterAll(async () => {
  await query(`DELETE FROM "TestRun" WHERE total = 1197`);
  await query(`DELETE FROM "EmailAccount" WHERE name LIKE 'Crowd %'`);
});

test("more than 1,000 accounts are tested once, however often Enter is pressed", async ({
  page,
}) => {
  await addAccounts("Crowd", { to: 1_200 });
  await query(
    `UPDATE "EmailAccount" SET active = FALSE WHERE "keyKey" IN ('crowd-1', 'crowd-2', 'crowd-3')`,
  );
  await page.goto("/email/accounts?search=crowd");
  await page.getByRole("button", { name: "Test all found (1,000+)" }).click();
  const dialog = page.getByRole("dialog", { name: "Test 1,197 accounts?" });
  await expect(dialog).toContainText("Left out: 3 inactive.");
  // The page of the run takes its time: the question stands until it is there.
  let leave = () => {};
  const isLeaving = new Promise<void>((resolve) => {
    leave = resolve;
  });
  await page.route(/\/email\/accounts\/tests\/[0-9a-f-]{36}/, async (route) => {
    await isLeaving;
    await route.continue();
  });
  const start = dialog.getByRole("button", { name: "Start the tests" });
  await start.focus();
  let asked = 0;
  page.on("request", (request) => {
    if (request.headers()["next-action"] !== undefined) asked += 1;
  });
  for (let press = 0; press < 3; press += 1) await page.keyboard.press("Enter");
  await expect.poll(async () => (await runs()).length).toBe(1);
  await page.keyboard.press("Enter");
  leave();
  await expect(page.getByRole("heading", { name: "Test of 1,197 accounts" })).toBeVisible();
  expect([asked, (await runs()).length]).toEqual([1, 1]);
});
