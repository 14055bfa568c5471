import { beforeEach, describe, expect, test, vi } from "vitest";
import { verifyAudit } from "@/lib/audit/verify";
import { DAY_MS, HOUR_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { empty, withDatabase } from "@/lib/testing/database";
import { deleteExpiredLinks } from "../links/store";
import { setUpSchema } from "./schema";
import {
  createInitialAdministrator,
  createSetupToken,
  findInvitation,
  isSetUpOpen,
  setUp,
} from "./set-up";

withDatabase();

beforeEach(() => empty("Administrator", "SetupLink"));

const form = (token: string | null, changes = {}) => ({
  token: token ?? "",
  name: "Ada",
  email: "Ada@Contoso.test",
  password: "a long enough sentence",
  ...changes,
});
const NOT_FOUND = { code: "not_found" };

describe("the link of the first start", () => {
  test("creates the first administrator, and nobody after that", async () => {
    const token = await createSetupToken();
    expect(JSON.stringify(await db().setupLink.findMany())).not.toContain(token);
    await setUp(form(token));
    expect(await db().administrator.findMany()).toMatchObject([{ email: "ada@contoso.test" }]);
    const [event] = await db().auditEvent.findMany({ orderBy: { id: "desc" }, take: 1 });
    expect(event).toMatchObject({ action: "administrator.create", actorName: "Ada" });
    expect(await verifyAudit()).toMatchObject({ isIntact: true });
    expect(await isSetUpOpen()).toBe(false);
    await expect(setUp(form(token))).rejects.toMatchObject(NOT_FOUND);
    await expect(findInvitation({ token: token ?? "" })).rejects.toMatchObject(NOT_FOUND);
    expect(await createSetupToken()).toBeNull();
  });

  test("is forgotten when its time is over, an invitation a month later, and neither before", async () => {
    for (const [tokenHash, invitedByName, inMs] of [
      ["old", null, -1],
      ["young", null, HOUR_MS],
      ["expired", "Ada", -29 * DAY_MS],
      ["long expired", "Ada", -31 * DAY_MS],
    ] as const)
      await db().setupLink.create({
        data: { tokenHash, invitedByName, expiresAt: new Date(Date.now() + inMs) },
      });
    // By the clock of the database.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 400 * DAY_MS });
    await deleteExpiredLinks().finally(() => vi.useRealTimers());
    const left = await db().setupLink.findMany({ orderBy: { tokenHash: "asc" } });
    expect(left.map(({ tokenHash }) => tokenHash)).toEqual(["expired", "young"]);
  });

  test("works once, however many open it together", async () => {
    const token = await createSetupToken();
    const attempts = [1, 2, 3].map((number) => setUp(form(token, { email: `a${number}@b.test` })));
    const results = await Promise.allSettled(attempts);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await db().administrator.count()).toBe(1);
  });

  test("cannot be guessed, and is void when a newer one was made or after a day", async () => {
    const [old, token] = [await createSetupToken(), await createSetupToken()];
    for (const each of ["", "x", "x".repeat(43), old])
      await expect(setUp(form(each))).rejects.toMatchObject(NOT_FOUND);
    await db().setupLink.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
    await expect(setUp(form(token))).rejects.toMatchObject(NOT_FOUND);
    expect(await db().administrator.count()).toBe(0);
  });

  test("is void as soon as there is an administrator", async () => {
    const token = await createSetupToken();
    const initial = { name: "Demo", email: "demo@contoso.test", password: "not checked here" };
    expect(await findInvitation({ token: token ?? "" })).toMatchObject({ invitedByName: null });
    await createInitialAdministrator(initial);
    await createInitialAdministrator({ ...initial, email: "second@contoso.test" });
    await expect(findInvitation({ token: token ?? "" })).rejects.toMatchObject(NOT_FOUND);
    await expect(setUp(form(token))).rejects.toMatchObject(NOT_FOUND);
    expect(await db().administrator.count()).toBe(1);
  });
});

describe("a new password", () => {
  const problem = (password: unknown) =>
    setUpSchema.safeParse(form("token", { password })).error?.issues[0]?.message;

  test.each([
    ["fourteen characters", "abcdefghijklmn", /at least 15/],
    ["fifteen of one letter", "a".repeat(15), /different/],
    ["a common one", "password123456789", /too easy to guess/],
    ["more than 1,024 bytes", `${"€uro sentence ".repeat(80)}`, /at most 1024/],
    ["no text", 123456789012345, /./],
  ])("is refused: %s", (_what, password, message) => expect(problem(password)).toMatch(message));

  test("may be any sentence", () => {
    for (const password of ["correct horse battery", "👩‍🚀🇮🇹🐘é".repeat(4)])
      expect(problem(password)).toBeUndefined();
  });
});
