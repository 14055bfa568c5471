import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { readFilters } from "@/lib/kernel/paging/schema";
import { administrator, program } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { seedProvider, setTokens } from "@/lib/testing/outage";
import { walkList } from "@/lib/testing/walk-list";
import { selectionSchema } from "../bulk/schema";
import { listEmailAccounts } from "../queries";
import { ACCOUNT_STATES } from "../schema";
import { countStates, listByCause } from "./queries";
import { type AccountView, accountFilterSchema, NOT_SIGNED_IN, VIEW_STATES } from "./schema";

withDatabase();
const ada = administrator();
const SOON = new Date(Date.now() + 20 * 86_400_000);
const GONE = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";
let providers: Record<"well" | "away" | "expiring", string>;
let contactListId: string;

beforeAll(async () => {
  providers = {
    well: await seedProvider({ accounts: 40, name: "Well" }),
    away: await seedProvider({ accounts: 3, name: "Away" }),
    expiring: await seedProvider({ accounts: 2, name: "Expiring", secretExpiresAt: SOON }),
  };
  await setTokens(providers.away, { state: "sign_in_again", failureId: "AADSTS50173" });
  ({ id: contactListId } = await db().contactList.create({
    data: { name: "VIP", nameKey: "vip" },
  }));
  const [one, two, three, four, five] = await db().emailAccount.findMany({
    where: { cloudProviderId: providers.well },
    orderBy: { nameKey: "asc" },
  });
  const set = (row: typeof one, data: object) =>
    db().emailAccount.update({ where: { id: row?.id ?? "" }, data });
  await set(one, { imapVerdict: "failed", smtpVerdict: "failed", lastTestedAt: new Date() });
  await set(two, { pop3Verdict: "failed", contactListId });
  await set(three, { active: false, contactListId });
  await set(four, { modernAuthentication: false, testSchedule: "hourly" });
  await set(five, { service: "outlook_com" });
});

type Asked = NonNullable<Parameters<typeof listEmailAccounts>[1]>;
const list = (asked: Asked) => listEmailAccounts(ada, asked);
const counts = (asked: Asked = {}) => listEmailAccounts.counts(ada, asked);

describe("a list of accounts is narrowed to", () => {
  test.each([
    ["what needs attention", { view: "attention" }, 5],
    ["who is not signed in", { view: "not_signed_in" }, 3],
    ["failing IMAP", { view: "imap_failed" }, 1],
    ["failing SMTP", { view: "smtp_failed" }, 1],
    ["what expires within 30 days", { view: "expiring" }, 2],
    ["passwords", { view: "password" }, 1],
    ["the inactive ones", { view: "inactive" }, 1],
    ["a provider that is gone", { cloudProviderId: GONE }, 0],
  ] as const)("%s", async (_what, filters, count) => {
    expect((await list(filters)).total).toEqual({ count, isCapped: false });
  });

  test("a provider, a List, and both with a view and a search", async () => {
    const count = async (asked: Asked) => (await list(asked)).total.count;
    expect(await count({ cloudProviderId: providers.away })).toBe(3);
    expect(await count({ contactListId })).toBe(2);
    const both = { contactListId, cloudProviderId: providers.well, view: "inactive" } as const;
    expect(await count(both)).toBe(1);
    expect(await count({ ...both, search: "nothing like it" })).toBe(0);
  });
});

describe("those that fail with a cause", () => {
  const found = async (failedWith: string) => (await list({ failedWith })).total.count;

  test("fail in their last test, in their sign-in, or were never signed in", async () => {
    expect(await found("AADSTS50173")).toBe(3);
    expect(await found("imap.switched_off")).toBe(0);
    const where = { nameKey: "mailbox 000007", cloudProviderId: providers.well };
    await db().emailAccount.updateMany({ where, data: { testFailureId: "AADSTS50173" } });
    expect(await found("AADSTS50173")).toBe(4);
    await db().emailAccount.updateMany({ where, data: { testFailureId: null } });
    expect(await found("postkey.not_signed_in")).toBe(0);
    await db().emailAccount.updateMany({ where, data: { usernameKey: "nobody@contoso.test" } });
    expect(await found("postkey.not_signed_in")).toBe(1);
    await db().emailAccount.updateMany({ where, data: { usernameKey: "m7@contoso.test" } });
  });

  test("are told apart from a cause that there is not", async () => {
    const asked = { failedWith: "imap.disbled", view: "inactive" };
    const { error } = listEmailAccounts.querySchema().safeParse(asked);
    expect(error?.issues[0]?.message).toContain("not in the error catalogue");
    expect(await found("AADSTS7654321")).toBe(0);
    const opened = await listEmailAccounts.open(ada, asked);
    expect(opened).toMatchObject({
      params: { view: "inactive" },
      unknown: ["failedWith=imap.disbled"],
    });
  });
});

test("those that failed in a test run, while there is one", async () => {
  const [one, two] = await db().emailAccount.findMany({ orderBy: { nameKey: "asc" }, take: 2 });
  const data = { startedByName: "Ada", total: 2, parallelism: 1 };
  const run = await db().testRun.create({ data });
  const item = (id = "", state = "") => ({ testRunId: run.id, emailAccountId: id, state });
  await db().testRunItem.createMany({ data: [item(one?.id, "failed"), item(two?.id, "ok")] });
  const { rows } = await list({ failedInTestRun: run.id });
  expect(rows.map(({ id }) => id)).toEqual([one?.id]);
  expect((await list({ failedInTestRun: GONE })).total.count).toBe(0);
});

test("each state says how many accounts stand so, and views add up from them", async () => {
  const states = await countStates(ada);
  const sum = (names: readonly string[]) =>
    states.filter(({ state }) => names.includes(state)).reduce((all, { count }) => all + count, 0);
  expect(sum(ACCOUNT_STATES)).toBe(await db().emailAccount.count());
  for (const { view, count } of await counts())
    if (view in VIEW_STATES) expect([view, sum(statesOf(view))]).toEqual([view, count]);
  const none = { ...program("accounts:read"), accounts: { ids: [GONE] } };
  expect((await countStates(none)).every(({ count }) => count === 0)).toBe(true);
});

test("accounts that do not work are told by cause and provider, the most first, and only of those that one reaches", async () => {
  const before = await listByCause(ada);
  const unsigned = (groups: typeof before) =>
    groups.filter(({ failedWith }) => failedWith === NOT_SIGNED_IN);
  expect(unsigned(before)).toEqual([]);
  const [eight, nine, ten] = await db().emailAccount.findMany({
    where: { cloudProviderId: providers.well },
    orderBy: { nameKey: "asc" },
    skip: 7,
    take: 3,
  });
  const set = (row: typeof eight, data: object) =>
    db().emailAccount.update({ where: { id: row?.id ?? "" }, data });
  await set(eight, { usernameKey: "other@contoso.test" });
  await set(nine, { usernameKey: "another@contoso.test" });
  await set(ten, { cloudProviderId: null });
  const at = { cloudProviderId: providers.well, provider: "Well" };
  const cause = { ...at, cloud: "Global (and GCC)", isPlatforms: false };
  expect(unsigned(await listByCause(ada))).toEqual([
    { failedWith: NOT_SIGNED_IN, ...cause, accounts: 2 },
  ]);
  for (const row of [eight, nine, ten]) {
    const fixed = { usernameKey: row?.usernameKey, cloudProviderId: providers.well };
    await set(row, { ...fixed, testFailureId: "imap.bye", imapVerdict: "failed" });
  }
  const after = await listByCause(ada);
  const failed = after.filter(({ failedWith }) => failedWith === "imap.bye");
  expect(failed).toEqual([{ failedWith: "imap.bye", ...cause, accounts: 3 }]);
  expect(await listByCause({ ...program("accounts:read"), accounts: { ids: [GONE] } })).toEqual([]);
  for (const row of [eight, nine, ten]) await set(row, { testFailureId: null, imapVerdict: null });
});

const statesOf = (view: AccountView): readonly string[] =>
  Object.entries(VIEW_STATES).find(([name]) => name === view)?.[1] ?? [];

test("each view says how many it shows, also of those that a search finds, and to a key only theirs", async () => {
  for (const search of ["", "mailbox 00000", "nothing like it"])
    for (const { view, count } of await counts({ search })) {
      const { total } = await list({ view, search });
      expect([search, view, total.count]).toEqual([search, view, count]);
    }
  const none = { ...program("accounts:read"), accounts: { ids: [GONE] } };
  expect((await listEmailAccounts.counts(none)).every(({ count }) => count === 0)).toBe(true);
});

test("each view says how many of those it shows that are left by the filters beside it", async () => {
  const filters = { cloudProviderId: providers.expiring, service: "outlook365" } as const;
  const left = await counts({ ...filters, view: "attention" });
  expect(left).not.toEqual(await counts());
  for (const { view, count } of left)
    expect([view, (await list({ ...filters, view })).total.count]).toEqual([view, count]);
});

test("what expires is what stops then: active accounts, before the day", async () => {
  const past = new Date(Date.now() - 86_400_000);
  const expired = await seedProvider({ accounts: 1, name: "Expired", secretExpiresAt: past });
  const where = { cloudProviderId: providers.expiring };
  const { id } = await db().emailAccount.findFirstOrThrow({ where });
  await db().emailAccount.update({ where: { id }, data: { active: false } });
  const { rows } = await list({ view: "expiring" });
  expect(rows).toMatchObject([{ credentialKind: "client_secret", credentialExpiresAt: SOON }]);
  await db().emailAccount.update({ where: { id }, data: { active: true } });
  await db().emailAccount.deleteMany({ where: { cloudProviderId: expired } });
});

test.each(listEmailAccounts.sortNames)(
  "sorted by %s every account is on one page, in both directions",
  async (sort) => {
    const forwards = await walkList(listEmailAccounts, sort, "asc");
    expect(new Set(forwards).size).toBe(45);
    expect(await walkList(listEmailAccounts, sort, "desc")).toEqual(forwards.reverse());
  },
);

test("a filter of an address that is not known is named, and the others are kept", () => {
  const asked = { view: "broken", testSchedule: "daily", cloudProviderId: "", viev: "inactive" };
  expect(readFilters(accountFilterSchema, { ...asked, limit: "50", after: "x" })).toEqual({
    filters: { testSchedule: "daily" },
    unknown: ["view=broken", "viev=inactive"],
  });
});

describe("a filter of an address", () => {
  const named = Object.keys(accountFilterSchema.shape);

  test.each(named)("an empty %s narrows nothing, and so does not mean all accounts", (name) => {
    const all = { accounts: "all", search: "", [name]: "" };
    const { error } = selectionSchema.safeParse(all);
    expect(error?.issues.map(({ path }) => path.join("."))).toContain(name);
  });

  test.each(["Mail.One.TEST", "mail.m\u00fcller.test", "outlook_com", "[::1]"])(
    "%s is a server",
    (server) => expect(accountFilterSchema.safeParse({ server }).success).toBe(true),
  );

  test.each(["\0", "a b", "x".repeat(254)])("%j is no server", (server) =>
    expect(accountFilterSchema.safeParse({ server }).success).toBe(false),
  );
});
