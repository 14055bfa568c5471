import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import type { Browser, Page } from "@playwright/test";
import { Client } from "pg";
import { PERMISSIONS_OF } from "../lib/access/roles/permissions";
import type { Role } from "../lib/access/roles/schema";
import { PAGE_NEEDS } from "../lib/http/auth/pages/schema";
import {
  addAccount,
  addProvider,
  expect,
  installation,
  invite,
  joinBy,
  signIn,
  signInAs,
  test,
} from "./installation";

test.describe.configure({ mode: "serial" });

const PEOPLE = [
  { id: "viewer", role: "Viewer", name: "Vera", email: "vera@roles.example" },
  { id: "operator", role: "Operator", name: "Oleg", email: "oleg@roles.example" },
  { id: "auditor", role: "Auditor", name: "Auma", email: "auma@roles.example" },
] as const satisfies readonly { id: Role; role: string; name: string; email: string }[];

const NAME = "Roles";
const ids: Record<string, string> = { remedyId: "AADSTS7000222" };

async function withDatabase<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: installation.databaseUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** One of each kind of thing that a page is about. */
const SEED = `
  INSERT INTO "ContactList" (id, name, "nameKey") VALUES (gen_random_uuid(), '${NAME}', 'roles-list');
  UPDATE "EmailAccount" SET "contactListId" = (SELECT id FROM "ContactList" WHERE name = '${NAME}') WHERE name = '${NAME}';
  INSERT INTO "Contact" (id, "contactListId", email, "emailKey", name)
    SELECT gen_random_uuid(), id, 'zoe@roles.example', 'zoe@roles.example', 'Zoe' FROM "ContactList" WHERE name = '${NAME}';
  INSERT INTO "Device" (id, name, "nameKey", "emailAccountId", prefix, "passwordHash", protocols, "createdByName")
    SELECT gen_random_uuid(), '${NAME}', 'roles', id, 'roles', 'x', '{smtp}', 'Ada' FROM "EmailAccount" WHERE name = '${NAME}';
  INSERT INTO "TestRun" (id, "startedByName", total, parallelism, "finishedAt") VALUES (gen_random_uuid(), '${NAME}', 1, 1, now());
  INSERT INTO "AlertChannel" (id, kind, name, "nameKey", enabled, target, "createdByName")
    VALUES (gen_random_uuid(), 'webhook', '${NAME}', 'roles', FALSE, '{"kind": "webhook", "origin": "https://roles.test"}', 'Ada');
  UPDATE "CloudProvider" SET "failureId" = 'AADSTS7000222', "failedAt" = now() WHERE name = '${NAME}';
  INSERT INTO "Incident" (id, cause, kind, "remedyId", "cloudProviderId", subject, accounts, "peakAccounts", "accountNames",
      "announcedAt")
    SELECT gen_random_uuid(), 'registration:' || id, 'registration', "failureId", id, name, 1, 1, '{}', now()
    FROM "CloudProvider" WHERE name = '${NAME}'`;

const FIND: Readonly<Record<string, string>> = {
  cloudProviderId: `"CloudProvider" WHERE name = '${NAME}'`,
  emailAccountId: `"EmailAccount" WHERE name = '${NAME}'`,
  contactListId: `"ContactList" WHERE name = '${NAME}'`,
  deviceId: `"Device" WHERE name = '${NAME}'`,
  connectionTestId: `"ConnectionTest" WHERE "emailAccountId" = (SELECT id FROM "EmailAccount" WHERE name = '${NAME}')`,
  testRunId: `"TestRun" WHERE "startedByName" = '${NAME}'`,
  alertChannelId: `"AlertChannel" WHERE name = '${NAME}'`,
  incidentId: `"Incident" WHERE kind = 'registration' AND "cloudProviderId" = (SELECT id FROM "CloudProvider" WHERE name = '${NAME}')`,
  administratorId: `"Administrator" WHERE email = '${PEOPLE[0].email}'`,
};

test.afterAll(() =>
  withDatabase((client) =>
    client.query(`
      DELETE FROM "Administrator" WHERE email LIKE '%@roles.example';
      DELETE FROM "Incident" WHERE "cloudProviderId" = (SELECT id FROM "CloudProvider" WHERE name = '${NAME}');
      DELETE FROM "AlertChannel" WHERE name = '${NAME}';
      DELETE FROM "TestRun" WHERE "startedByName" = '${NAME}';
      DELETE FROM "EmailAccount" WHERE name = '${NAME}';
      DELETE FROM "Contact" WHERE "emailKey" = 'zoe@roles.example';
      DELETE FROM "ContactList" WHERE name = '${NAME}';
      DELETE FROM "CloudProvider" WHERE name = '${NAME}'`),
  ),
);

/** Every page of the console, as the folders name it, with what it asks for. */
const PAGES = readdirSync("app/(console)", { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith("page.tsx"))
  .map((path) => {
    const folders = dirname(path).split("/");
    const route = `/${folders.filter((name) => name !== "." && !name.startsWith("(")).join("/")}`;
    const isRestricted = readFileSync(join("app/(console)", path), "utf8").includes(
      "requireUserOf",
    );
    const needed = Object.entries(PAGE_NEEDS).find(([page]) => page === route)?.[1];
    return { route, needed: isRestricted ? needed : undefined };
  })
  .sort((a, b) => (a.route < b.route ? -1 : 1));

const addressOf = (route: string) =>
  route.replaceAll(/\[(\w+)\]/g, (_, name: string) => ids[name] ?? "missing");

async function openAs(browser: Browser, email: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: installation.url });
  const page = await context.newPage();
  await signInAs(page, email);
  return page;
}

test("an administrator invites one person for each role, and sees the invitations", async ({
  page,
  browser,
}) => {
  test.slow();
  await signIn(page);
  await addProvider(page, NAME);
  const account = { name: NAME, key: "rol", address: "nobody@contoso.test", provider: NAME };
  await addAccount(page, account);
  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(page.getByRole("status").getByText("No one has signed in yet.")).toBeVisible();
  await withDatabase((client) => client.query(SEED));
  for (const person of PEOPLE) {
    const link = await invite(page, person);
    const invitation = page.getByRole("row", { name: new RegExp(person.name) });
    await expect(invitation).toContainText(person.role);
    const context = await browser.newContext({ baseURL: installation.url });
    await joinBy(await context.newPage(), link);
    await context.close();
  }
  await page.reload();
  for (const { name, role } of PEOPLE)
    await expect(page.getByRole("row", { name: new RegExp(name) })).toContainText(role);
  await withDatabase(async (client) => {
    for (const [name, from] of Object.entries(FIND)) {
      const { rows } = await client.query<{ id: string }>(`SELECT id FROM ${from} LIMIT 1`);
      ids[name] = rows[0]?.id ?? "missing";
    }
  });
  expect(Object.values(ids)).not.toContain("missing");
});

/** What everybody may press: in their own account, on pages that explain, and to copy, to look or to filter. */
const HARMLESS =
  /^\/(profile|help\/.*): |: (Copy|Clear|Close|Dismiss)|: (Provider|Delegate|Account|Service|Test schedule)$/;

type Seen = { links: Set<string>; buttons: string[] };

/** Opens a page, looks at it as a whole, and notes what it offers. */
async function visit(page: Page, route: string, isFor: boolean): Promise<Seen> {
  const response = await page.goto(addressOf(route));
  expect(response?.status(), route).toBe(isFor ? 200 : 403);
  const title = page.getByRole("heading", { level: 1 });
  await expect(title, route).toBeVisible();
  const isTold = (await title.textContent()) === "Your role can't open this page";
  expect(isTold, route).toBe(!isFor);
  await expect(page.getByText("This page could not be loaded"), route).toHaveCount(0);
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  expect(violations.map(({ id, nodes }) => `${route} ${id} ${nodes[0]?.html}`)).toEqual([]);
  const hrefs = await page
    .locator("a[href^='/']:visible")
    .evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
  const buttons = await page
    .locator("main button:visible:enabled")
    .evaluateAll((all) => all.map((each) => each.getAttribute("aria-label") ?? each.textContent));
  return { links: new Set(hrefs), buttons: buttons.map((name) => `${route}: ${name}`) };
}

for (const { id, email } of PEOPLE)
  test(`${id}: every page opens or says why not, and offers nothing that is refused`, async ({
    browser,
  }) => {
    test.setTimeout(480_000); // every page, each looked at as a whole, and each link on it followed
    const may = PERMISSIONS_OF[id];
    const page = await openAs(browser, email);
    const links = new Set<string>();
    const buttons: string[] = [];
    for (const { route, needed } of PAGES) {
      const seen = await visit(page, route, needed === undefined || may.has(needed));
      for (const link of seen.links) links.add(link);
      buttons.push(...seen.buttons.filter((name) => !HARMLESS.test(name)));
    }
    for (const link of links) {
      const answer = await page.request.get(link.replace(/#.*/, ""));
      expect(answer.status(), link).toBeLessThan(400);
    }
    if (!may.has("accounts:write")) expect([...new Set(buttons)]).toEqual([]);
    await page.context().close();
  });

test("an operator signs mailboxes in, and asks an administrator for the registration", async ({
  browser,
}) => {
  const page = await openAs(browser, "oleg@roles.example");
  await page.goto(addressOf("/settings/cloud-providers/[cloudProviderId]"));
  await expect(page.getByRole("button", { name: "Authenticate" })).toBeVisible();
  await page.getByRole("button", { name: `Actions for ${NAME}` }).click();
  await expect(page.getByRole("menuitem")).toHaveText(["Authenticate"]);
  await page.goto(addressOf("/incidents/[incidentId]"));
  await expect(
    page.getByText("Ask an administrator to update the client secret.").first(),
  ).toBeVisible();
  await page.context().close();
});

test("a viewer is told whom to ask, and nothing about buttons that they do not have", async ({
  browser,
}) => {
  const page = await openAs(browser, "vera@roles.example");
  for (const route of [
    "/",
    "/email/accounts/[emailAccountId]",
    "/email/accounts/[emailAccountId]/tests/[connectionTestId]",
    "/settings/cloud-providers/[cloudProviderId]",
    "/incidents/[incidentId]",
  ]) {
    await page.goto(addressOf(route));
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByText(/\bAsk (an operator|an administrator)/).first()).toBeVisible();
    for (const fold of await page.locator("main details").all())
      await fold.evaluate((each) => each.setAttribute("open", ""));
    await expect(page.getByRole("main")).not.toContainText(/\b[Pp]ress\b/);
  }
  await page.context().close();
});

test("a changed role counts at the next request, and nobody changes their own", async ({
  page,
  browser,
}) => {
  const vera = await openAs(browser, "vera@roles.example");
  await signIn(page);
  await page.goto("/settings/administrators?role=viewer");
  await page.getByRole("link", { name: "Vera" }).click();
  // The list has a filter of that name.
  await expect(page.getByRole("heading", { level: 1, name: "Vera" })).toBeVisible();
  await page.getByLabel("Role", { exact: true }).selectOption({ label: "Operator" });
  await page.getByRole("button", { name: "Save role" }).click();
  await expect(page.getByText("Vera is now Operator.")).toBeVisible();
  const answer = await vera.goto("/email/accounts/new");
  expect(answer?.status()).toBe(200);
  await vera.context().close();
  await page.goto("/settings/administrators");
  const own = page.getByRole("row").filter({ has: page.getByText("(you)") });
  await own.getByRole("link").first().click();
  await expect(page).toHaveURL(/administrators\/[0-9a-f-]{36}/);
  await expect(page.getByText(/Another administrator can change your role/)).toBeVisible();
  await expect(page.getByLabel("Role", { exact: true })).toHaveCount(0);
});

test("an invitation is renewed, again once it has expired, and revoked", async ({ page }) => {
  await signIn(page);
  const gone = { role: "Viewer", name: "Gone", email: "gone@roles.example" } as const;
  const first = await invite(page, gone);
  await page.getByRole("button", { name: "New link for Gone" }).click();
  const second = await page.getByRole("textbox", { name: "Link" }).inputValue();
  await page.getByRole("button", { name: "Done" }).click();
  await withDatabase((client) =>
    client.query(
      `UPDATE "SetupLink" SET "expiresAt" = now() - interval '1 h' WHERE email = '${gone.email}'`,
    ),
  );
  await page.reload();
  await expect(page.getByRole("row", { name: /Gone.*Expired/ })).toBeVisible();
  await page.getByRole("button", { name: "Invite again: Gone" }).click();
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("row", { name: /Gone.*Expired/ })).toHaveCount(0);
  await page.getByRole("button", { name: "Revoke the invitation for Gone" }).click();
  await expect(page.getByRole("row", { name: /Gone/ })).toHaveCount(0);
  expect(second).not.toBe(first);
  const left = await withDatabase((client) =>
    client.query(`SELECT 1 FROM "SetupLink" WHERE email = '${gone.email}'`),
  );
  expect(left.rowCount).toBe(0);
});
