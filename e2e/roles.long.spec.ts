import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Browser, Page } from "@playwright/test";
import { PERMISSIONS_OF } from "@/lib/people/roles/permissions";
import type { Role } from "@/lib/people/roles/schema";
import { PAGE_NEEDS } from "../lib/http/auth/pages/schema";
import { expectAccessible } from "./axe";
import { query } from "./database";
import { expect, invite, joinBy, PASSWORD, signInAs, strangersPage, test } from "./installation";
import { addAccount, addProvider } from "./objects";

test.describe.configure({ mode: "serial" });

const PEOPLE = [
  { id: "viewer", role: "Viewer", name: "Vera", email: "vera@walk.example" },
  { id: "operator", role: "Operator", name: "Oleg", email: "oleg@walk.example" },
  { id: "auditor", role: "Auditor", name: "Auma", email: "auma@walk.example" },
] as const satisfies readonly { id: Role; role: string; name: string; email: string }[];

const NAME = "Walked";
const ids: Record<string, string> = { remedyId: "AADSTS7000222" };

/** One of each kind of thing that a page is about. */
const SEED = `
  INSERT INTO "ContactList" (id, name, "nameKey") VALUES (gen_random_uuid(), '${NAME}', 'roles-list');
  UPDATE "EmailAccount" SET "contactListId" = (SELECT id FROM "ContactList" WHERE name = '${NAME}') WHERE name = '${NAME}';
  INSERT INTO "Contact" (id, "contactListId", email, "emailKey", name)
    SELECT gen_random_uuid(), id, 'zoe@walk.example', 'zoe@walk.example', 'Zoe' FROM "ContactList" WHERE name = '${NAME}';
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
  query(`
      DELETE FROM "Administrator" WHERE email LIKE '%@walk.example';
      DELETE FROM "Incident" WHERE "cloudProviderId" = (SELECT id FROM "CloudProvider" WHERE name = '${NAME}');
      DELETE FROM "AlertChannel" WHERE name = '${NAME}';
      DELETE FROM "TestRun" WHERE "startedByName" = '${NAME}';
      DELETE FROM "EmailAccount" WHERE name = '${NAME}';
      DELETE FROM "Contact" WHERE "emailKey" = 'zoe@walk.example';
      DELETE FROM "ContactList" WHERE name = '${NAME}';
      DELETE FROM "CloudProvider" WHERE name = '${NAME}'`),
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
  const page = await strangersPage(browser);
  await signInAs(page, email, PASSWORD);
  return page;
}

test("an administrator invites one person for each role, and sees the invitations", async ({
  page,
  browser,
}) => {
  await addProvider(NAME);
  const account = { name: NAME, key: "wlk", address: "nobody@contoso.test", provider: NAME };
  await page.goto(await addAccount(account));
  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(page.getByRole("status").getByText("No one has signed in yet.")).toBeVisible();
  await query(SEED);
  for (const person of PEOPLE) {
    const link = await invite(page, person);
    const invitation = page.getByRole("row", { name: new RegExp(person.name) });
    await expect(invitation).toContainText(person.role);
    const invited = await strangersPage(browser);
    await joinBy(invited, link);
    await invited.context().close();
  }
  await page.reload();
  for (const { name, role } of PEOPLE)
    await expect(page.getByRole("row", { name: new RegExp(name) })).toContainText(role);
  for (const [name, from] of Object.entries(FIND))
    ids[name] = (await query(`SELECT id FROM ${from} LIMIT 1`))[0]?.id ?? "missing";
  expect(Object.values(ids)).not.toContain("missing");
});

/** What everybody may press: in their own account, on pages that explain, and to copy, to look or to filter. */
const HARMLESS =
  /^\/(profile|help\/.*): |: (Copy|Clear|Close|Dismiss)|: (Filters|Provider|Delegate|Account|Service|Test schedule)$/;

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
  await expectAccessible(page);
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
      // The trail leads to accounts that other files deleted behind its back.
      if (route !== "/settings/audit") for (const link of seen.links) links.add(link);
      buttons.push(...seen.buttons.filter((name) => !HARMLESS.test(name)));
    }
    for (const link of links) {
      const answer = await page.request.get(link.replace(/#.*/, ""));
      expect(answer.status(), link).toBeLessThan(400);
    }
    if (!may.has("accounts:write")) expect([...new Set(buttons)]).toEqual([]);
    await page.context().close();
  });
