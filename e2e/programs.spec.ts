import { z } from "zod";
import { expect, installation, signInAtSandbox, test } from "./installation";
import { api } from "./objects";
import { addKey, addSignedIn, NODE, RECEIVER, runProgram, SENDER } from "./programs";

test.describe.configure({ mode: "serial" });

let key: string;
let sender: string;
let receiver: string;

const created = z.object({ id: z.string() });

test("a key is made for a program, and the gateway gives it what the web gives it", async ({
  page,
}) => {
  sender = await addSignedIn(page, "Programs");
  key = await addKey(page, "Motion");
  await page.reload();
  expect(await page.content()).not.toContain(key);
  for (const path of ["/api/emailAccounts", "/api/contactLists", "/api/nothing"]) {
    const headers = { authorization: `Bearer ${key}` };
    const [here, there] = await Promise.all(
      [installation.apiUrl, installation.url].map((url) => fetch(new URL(path, url), { headers })),
    );
    expect(here?.status, path).toBe(there?.status);
    expect(await here?.text(), path).toBe(await there?.text());
  }
});

test("both say the same about caches, and that a stream may not be held back", async () => {
  for (const [path, method, expected] of [
    ["/api/contactLists", "GET", "no-store"],
    ["/api/contactLists", "OPTIONS", "no-store"],
    ["/api/contacts/export?format=csv", "GET", "no-store, no-transform"],
  ] as const)
    for (const url of [installation.apiUrl, installation.url]) {
      const headers = { authorization: `Bearer ${key}` };
      const answer = await fetch(new URL(path, url), { method, headers });
      expect(answer.headers.get("cache-control"), `${method} ${url}${path}`).toBe(expected);
      await answer.body?.cancel();
    }
});

test("a program sets an account up, whose senders become contacts while the page is open", async ({
  page,
}) => {
  const { id: contactListId } = created.parse(
    await api(key, "/api/contactLists", { name: "Written by programs" }),
  );
  const providers = z
    .object({ rows: z.array(z.object({ id: z.string() })) })
    .parse(await api(key, "/api/cloudProviders?search=Programs"));
  const account = {
    name: "Receiver",
    key: "PRG2",
    emailAddress: RECEIVER,
    username: RECEIVER,
    contactListId,
    active: true,
    service: "outlook365",
    modernAuthentication: true,
    cloudProviderId: providers.rows[0]?.id,
    password: "",
    hosts: null,
    description: "",
    testSchedule: "off",
  };
  ({ id: receiver } = created.parse(await api(key, "/api/emailAccounts", account)));
  await page.goto(`/email/accounts/${receiver}`);
  await page
    .getByRole("button", { name: `Sign in as ${RECEIVER}` })
    .first()
    .click();
  await signInAtSandbox(page, RECEIVER);
  await page.goto(`/email/accounts/${receiver}`);
  await expect(page.getByText("Postkey started following the inbox")).toBeVisible();

  await page.goto(`/contacts/${contactListId}`);
  await expect(page.getByText(SENDER)).toBeHidden();
  await runProgram(NODE, key, sender);
  await expect(page.getByText(SENDER).first()).toBeVisible();
});

test("an administrator looks inside, sends, and measures the way", async ({ page }) => {
  await page.goto(`/email/accounts/${receiver}`);
  await page.getByRole("button", { name: "Newest messages" }).click();
  await expect(page.getByRole("cell", { name: /Hello from Node.js/ }).first()).toBeVisible();
  await page.getByRole("button", { name: "Round trip" }).click();
  await expect(page.getByText(/It arrived in the inbox after/)).toBeVisible();
  await page.getByRole("button", { name: "Send test message" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("To").fill("not an address");
  await dialog.getByRole("button", { name: "Send", exact: true }).click();
  await expect(dialog.getByText(/exactly one @|no spaces/)).toBeVisible();
  await dialog.getByLabel("To").fill(SENDER);
  await dialog.getByRole("button", { name: "Send", exact: true }).click();
  await expect(dialog.getByText("The mail server accepted it")).toBeVisible();
});

test("each operation can be read and tried on its page", async ({ page }) => {
  await page.goto("/help/api");
  await page.getByLabel("API key for trying them out").fill(key);
  await page.getByText("/api/contactLists").first().click();
  await page.getByRole("button", { name: "Send GET" }).click();
  await expect(page.getByRole("status").filter({ hasText: "200" })).toContainText("rows");
});
