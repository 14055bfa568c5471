import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";
import { z } from "zod";
import {
  addAccount,
  addProvider,
  expect,
  installation,
  signIn,
  signInAtSandbox,
  test,
} from "./installation";

test.describe.configure({ mode: "serial" });

const run = promisify(execFile);
const SENDER = "alice@contoso.test";
const RECEIVER = "bob@contoso.test";

/** The programs of the documentation; PHP's and the shell's trust what they are told to otherwise. */
const CLIENTS = [
  { name: "Node.js", program: process.execPath, args: ["docs/clients/mail.mjs"] },
  { name: "Python", program: "/usr/bin/python3", args: ["docs/clients/mail.py"] },
  { name: "the shell", program: "/bin/sh", args: ["docs/clients/mail.sh"] },
  {
    name: "PHP",
    program: "/usr/bin/php",
    args: ["-d", `curl.cainfo=${installation.caFile}`, "docs/clients/mail.php"],
  },
];

let key: string;
let sender: string;
let receiver: string;
let contactListId: string;

const idIn = (page: Page) => new URL(page.url()).pathname.split("/").at(-1) ?? "";

/** What a program that knows nothing but the address and the key gets. */
async function api(path: string, body?: object): Promise<unknown> {
  const response = await fetch(new URL(path, installation.url), {
    method: body ? "POST" : "GET",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(response.status, `${path}: ${await response.clone().text()}`).toBeLessThan(300);
  return response.json();
}

const created = z.object({ id: z.string() });

test("a key is made for a program, and shown once", async ({ page }) => {
  await signIn(page);
  await addProvider(page, "Programs");
  const fields = { name: "Sender", key: "PRG1", address: SENDER, provider: "Programs" };
  await addAccount(page, fields);
  sender = idIn(page);
  await page.getByRole("button", { name: `Sign in as ${SENDER}` }).click();
  await signInAtSandbox(page, SENDER);

  await page.goto("/settings/api-keys");
  await page.getByRole("button", { name: "New API key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Motion");
  const permissions = ["Send messages", "List the newest messages", "Change email accounts"];
  for (const label of [...permissions, "Read contacts", "Change contacts", "Read cloud providers"])
    await dialog.getByLabel(label).check();
  await dialog.getByRole("button", { name: "Create key" }).click();
  key = await dialog.getByLabel("API key", { exact: true }).inputValue();
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("row", { name: /Motion/ })).toContainText("never");
});

test("a key for some accounts cannot be allowed what concerns all", async ({ page }) => {
  await signIn(page);
  await page.goto("/settings/api-keys");
  await page.getByRole("button", { name: "New API key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Limited");
  await dialog.getByLabel("Applies to").selectOption("Selected accounts");
  await dialog.getByRole("combobox", { name: "Accounts", exact: true }).click();
  await page.getByRole("option", { name: /Sender/ }).click();
  await dialog.getByLabel("Read contacts").check();
  await dialog.getByRole("button", { name: "Create key" }).click();
  await expect(dialog.getByText(/can't have these permissions: Read contacts/)).toBeVisible();
  await dialog.getByLabel("Read contacts").uncheck();
  await dialog.getByLabel("Requests per minute").fill("60");
  await dialog.getByRole("button", { name: "Create key" }).click();
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("row", { name: /Limited/ })).toContainText("Sender");
  await expect(page.getByRole("row", { name: /Limited/ })).toContainText("60 per minute");
});

test("the gateway of the installation gives a program what the web gives it", async () => {
  for (const path of ["/api/emailAccounts", "/api/contactLists", "/api/nothing"]) {
    const [here, there] = await Promise.all(
      [installation.apiUrl, installation.url].map((url) =>
        fetch(new URL(path, url), { headers: { authorization: `Bearer ${key}` } }),
      ),
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
  ({ id: contactListId } = created.parse(
    await api("/api/contactLists", { name: "Written by programs" }),
  ));
  const providers = z
    .object({ rows: z.array(z.object({ id: z.string() })) })
    .parse(await api("/api/cloudProviders?search=Programs"));
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
  ({ id: receiver } = created.parse(await api("/api/emailAccounts", account)));
  await signIn(page);
  await page.goto(`/email/accounts/${receiver}`);
  await page
    .getByRole("button", { name: `Sign in as ${RECEIVER}` })
    .first()
    .click();
  await signInAtSandbox(page, RECEIVER);
  await page.goto(`/email/accounts/${receiver}`);
  await expect(page.getByText("Postkey started following the inbox")).toBeVisible({
    timeout: 60_000,
  });

  await page.goto(`/contacts/${contactListId}`);
  await expect(page.getByText(SENDER)).toBeHidden();
  await runClient(CLIENTS[0]);
  await expect(page.getByText(SENDER).first()).toBeVisible();
});

for (const client of CLIENTS)
  test(`the documented client in ${client.name} reads and sends`, async () => {
    test.skip(!existsSync(client.program), `${client.program} is not installed.`);
    test.skip(client.name === "PHP" && !(await hasCurl()), "PHP has no curl: install php-curl.");
    expect(await runClient(client)).toMatch(/sent|250 /);
    const listed = z.object({ messages: z.array(z.object({ subject: z.string() })) });
    const subjects = async () =>
      listed
        .parse(await api(`/api/emailAccounts/${receiver}/messages`))
        .messages.map(({ subject }) => subject);
    await expect.poll(subjects).toContain(`Hello from ${client.name}`);
  });

async function hasCurl(): Promise<boolean> {
  const { stdout } = await run("/usr/bin/php", ["-m"]);
  return /^curl$/m.test(stdout);
}

async function runClient(client: (typeof CLIENTS)[number] | undefined): Promise<string> {
  if (!client) throw new Error("There is no such client.");
  const { caFile, url } = installation;
  const { stdout } = await run(client.program, client.args, {
    timeout: 60_000,
    env: {
      ...process.env,
      POSTKEY_URL: url,
      POSTKEY_API_KEY: key,
      POSTKEY_ACCOUNT: sender,
      MAIL_TO: RECEIVER,
      // Whom each of them asks about the sandbox's certificates.
      NODE_EXTRA_CA_CERTS: caFile,
      SSL_CERT_FILE: caFile,
      CURL_CA_BUNDLE: caFile,
    },
  });
  return stdout;
}

test("an administrator looks inside, sends, and measures the way", async ({ page }) => {
  await signIn(page);
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
  await signIn(page);
  await page.goto("/help/api");
  await page.getByLabel("API key for trying them out").fill(key);
  await page.getByText("/api/contactLists").first().click();
  await page.getByRole("button", { name: "Send GET" }).click();
  await expect(page.getByRole("status").filter({ hasText: "200" })).toContainText(
    "Written by programs",
  );
  await expect(page.getByText("1 to 200; 200 if left out.").first()).toBeVisible();
});

test("the icon is at the address where browsers look for it by themselves", async ({ request }) => {
  const icon = await request.get("/favicon.ico");
  expect([icon.status(), icon.headers()["content-type"]]).toEqual([200, "image/svg+xml"]);
});
