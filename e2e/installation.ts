import {
  type Browser,
  type BrowserContext,
  test as base,
  expect,
  type Locator,
  type Page,
} from "@playwright/test";
import { z } from "zod";
import { openPagesReady, untilReady } from "./ready";

const settingsSchema = z.object({
  url: z.string(),
  /** Its gateway. */
  apiUrl: z.string(),
  /** Where the gateway listens for devices. */
  deviceListeners: z.string(),
  /** Of the web's process. */
  webPid: z.number(),
  password: z.string(),
  databaseUrl: z.string(),
  /** What its web runs with. */
  webEnvironment: z.record(z.string(), z.string()),
  /** What signed the certificates of the sandbox's mail servers. */
  caFile: z.string(),
  controlUrl: z.string(),
  registration: z.object({
    clientId: z.string(),
    tenantId: z.string(),
    clientSecret: z.string(),
  }),
  governmentRegistration: z.object({
    clientId: z.string(),
    tenantId: z.string(),
    clientSecret: z.string(),
  }),
  google: z.object({
    clientId: z.string(),
    clientSecret: z.string(),
    serviceAccountKey: z.string(),
  }),
  passwordMail: z.object({
    address: z.string(),
    password: z.string(),
    imap: z.object({ host: z.string(), port: z.number(), tls: z.string() }),
    smtp: z.object({ host: z.string(), port: z.number(), tls: z.string() }),
  }),
});

export type InstallationSettings = z.infer<typeof settingsSchema>;

/** The one of this worker, among those that the global setup started. */
export const installation = settingsSchema.parse(
  JSON.parse(process.env.E2E_SETTINGS ?? "[]")[Number(process.env.TEST_PARALLEL_INDEX ?? 0)],
);

let areFaultsSet = false;

/** Switches a fault of the sandbox on or off; see its control page for what there is. */
export async function setFault(id: string, fields: Record<string, string> = { on: "true" }) {
  areFaultsSet = true;
  const response = await fetch(new URL(`/faults/${id}`, installation.controlUrl), {
    method: "POST",
    body: new URLSearchParams(fields),
    redirect: "manual",
  });
  expect(response.status, `fault ${id}`).toBeLessThan(400);
}

export async function clearFaults(): Promise<void> {
  areFaultsSet = false;
  await fetch(new URL("/faults/all", installation.controlUrl), {
    method: "POST",
    body: new URLSearchParams({ on: "false" }),
    redirect: "manual",
  });
}

export const ADMIN = "admin@example.com";

/** With a session of its own; pages of a test have one already. */
export function signIn(page: Page): Promise<void> {
  return signInAs(page, ADMIN);
}

/** For `test.use` and `newContext`: a browser without a session. */
export const STRANGER = { storageState: { cookies: [], origins: [] } };

/** A page in a browser of its own, for another person or without a session. */
export async function strangersPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ baseURL: installation.url, ...STRANGER });
  return context.newPage();
}

/** For what is done before all tests of a file. */
export async function adminsPage(browser: Browser): Promise<Page> {
  const storageState = await adminsSession(browser);
  const context = await browser.newContext({ baseURL: installation.url, storageState });
  return context.newPage();
}

type StorageState = Awaited<ReturnType<BrowserContext["storageState"]>>;

let session: { state: StorageState; since: number } | undefined;
/** Less than the time for which a person has proved who they are. */
const SESSION_MS = 8 * 60_000;

async function adminsSession(browser: Browser): Promise<StorageState> {
  if (session && Date.now() - session.since < SESSION_MS) return session.state;
  const page = await strangersPage(browser);
  await signIn(page);
  session = { state: await page.context().storageState(), since: Date.now() };
  await page.context().close();
  return session.state;
}

export const PASSWORD = "a sentence that is easy to keep";

type Invited = {
  role: "Viewer" | "Operator" | "Administrator" | "Auditor";
  name: string;
  email: string;
};

/** Invites a person, as the administrator on this page. @returns the link, which is shown once */
export async function invite(page: Page, { role, name, email }: Invited): Promise<string> {
  await page.goto("/settings/administrators");
  await page.getByRole("button", { name: "Invite a person" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Role").selectOption({ label: role });
  await dialog.getByLabel("Email").fill(email);
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Create link" }).click();
  const link = await page.getByRole("textbox", { name: "Link" }).inputValue();
  await page.getByRole("button", { name: "Done" }).click();
  return link;
}

/** Comes with such a link, chooses a password, and is signed in. */
export async function joinBy(page: Page, link: string, password = PASSWORD): Promise<void> {
  await page.goto(link);
  await expect(page.getByText(/ invited you as /)).toBeVisible();
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
}

/** Signs a person in with a password, which is the administrator's for those whom a test added. */
export async function signInAs(
  page: Page,
  email: string,
  password = installation.password,
): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
}

/** What most people leave as it is, in a form. */
export async function openAdvanced(page: Page): Promise<void> {
  await page.locator("summary").filter({ hasText: "Advanced" }).click();
}

/** On the sandbox's pages: picks an account and accepts, where it asks. */
export async function signInAtSandbox(page: Page, account: string): Promise<void> {
  // The page before may name the same account.
  await page.waitForURL(/\/authorize\?/);
  await page.getByText(account, { exact: true }).click();
  const accept = page.getByRole("button", { name: "Accept" });
  const back = page.waitForURL(/authorization=/);
  await Promise.race([accept.waitFor().catch(() => {}), back]);
  if (await accept.isVisible().catch(() => false)) await accept.click();
  await back;
  await untilReady(page);
}

/** On the sandbox's pages: goes back without signing in. */
export async function cancelAtSandbox(page: Page): Promise<void> {
  await page.getByText("Cancel and go back").click();
  await page.waitForURL(/authorization=/);
  await untilReady(page);
}

/** Types into a field that searches, and takes what it finds. The only one there is may be chosen already. */
export async function choose(field: Locator, name: string): Promise<void> {
  if ((await field.inputValue()) === name) return;
  await field.fill(name);
  await expect(field.page().getByRole("option", { name, exact: true })).toBeVisible();
  await field.press("Enter");
  await expect(field).toHaveValue(name);
}

/** A page in which the administrator is signed in, that reports what a browser would complain about. */
export const test = base.extend<{ complaints: string[] }, { readyPages: undefined }>({
  baseURL: installation.url,
  storageState: async ({ browser }, use) => use(await adminsSession(browser)),
  // Of the worker, so that it is done before what is done before all tests.
  readyPages: [
    async ({ browser }, use) => {
      const page = await browser.newPage();
      openPagesReady(page);
      await page.close();
      await use(undefined);
    },
    { auto: true, scope: "worker" },
  ],
  complaints: [
    async ({ baseURL: _ }, use) => {
      const complaints: string[] = [];
      await use(complaints);
      if (areFaultsSet) await clearFaults();
      expect(complaints, "the browser's console").toEqual([]);
    },
    { auto: true },
  ],
  page: async ({ page, complaints }, use) => {
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      // A refused request is the subject of some tests; what it means is asserted there.
      const isRefusal = message.text().startsWith("Failed to load resource");
      if (message.type() === "error" && !isRefusal) complaints.push(message.text());
    });
    await use(page);
  },
});

export { expect };
