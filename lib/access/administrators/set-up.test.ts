import { beforeEach, describe, expect, test, vi } from "vitest";
import { db } from "@/lib/kernel/db";
import { withDatabase } from "@/lib/testing/database";
import { deleteExpiredLinks } from "../invitations/store";
import { setUpSchema } from "./schema";
import {
  createInitialAdministrator,
  createSetupToken,
  findInvitation,
  isSetUpOpen,
  setUp,
} from "./set-up";

withDatabase();

beforeEach(async () => {
  await db().administrator.deleteMany();
  await db().setupLink.deleteMany();
});

const form = (token: string | null, changes = {}) => ({
  token: token ?? "",
  name: "Ada",
  email: "Ada@Contoso.test",
  password: "a long enough sentence",
  ...changes,
});

describe("the link of the first start", () => {
  test("creates the first administrator, and nobody after that", async () => {
    const token = await createSetupToken();
    expect(JSON.stringify(await db().setupLink.findMany())).not.toContain(token);
    await setUp(form(token));
    expect(await db().administrator.findMany()).toMatchObject([{ email: "ada@contoso.test" }]);
    expect(await isSetUpOpen()).toBe(false);
    await expect(setUp(form(token))).rejects.toMatchObject({ code: "not_found" });
    await expect(findInvitation({ token: token ?? "" })).rejects.toMatchObject({
      code: "not_found",
    });
    expect(await createSetupToken()).toBeNull();
  });

  test("is forgotten when its time is over, an invitation a month later, and neither before", async () => {
    const hour = 3_600_000;
    for (const [tokenHash, invitedByName, inMs] of [
      ["old", null, -1],
      ["young", null, hour],
      ["expired", "Ada", -29 * 24 * hour],
      ["long expired", "Ada", -31 * 24 * hour],
    ] as const)
      await db().setupLink.create({
        data: { tokenHash, invitedByName, expiresAt: new Date(Date.now() + inMs) },
      });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 400 * 24 * hour });
    await deleteExpiredLinks();
    vi.useRealTimers();
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

  test("is void when a newer one was made", async () => {
    const [old, token] = [await createSetupToken(), await createSetupToken()];
    await expect(setUp(form(old))).rejects.toMatchObject({ code: "not_found" });
    await setUp(form(token));
  });

  test.each(["", "x", "x".repeat(43)])("cannot be guessed: %j", async (token) => {
    await createSetupToken();
    await expect(setUp(form(token))).rejects.toMatchObject({ code: "not_found" });
    expect(await db().administrator.count()).toBe(0);
  });

  test("is too old after a day", async () => {
    const token = await createSetupToken();
    await db().setupLink.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
    await expect(setUp(form(token))).rejects.toMatchObject({ code: "not_found" });
  });

  test("is void as soon as there is an administrator", async () => {
    const token = await createSetupToken();
    const initial = { name: "Demo", email: "demo@contoso.test", password: "not checked here" };
    expect(await findInvitation({ token: token ?? "" })).toMatchObject({ invitedByName: null });
    await createInitialAdministrator(initial);
    await expect(findInvitation({ token: token ?? "" })).rejects.toMatchObject({
      code: "not_found",
    });
    await createInitialAdministrator({ ...initial, email: "second@contoso.test" });
    await expect(setUp(form(token))).rejects.toMatchObject({ code: "not_found" });
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
    ["a common one over and over", "PostkeyPostkeyPostkey1", /too easy to guess/],
    ["more than 1,024 bytes", `${"€uro sentence ".repeat(80)}`, /at most 1024/],
    ["a megabyte", "p".repeat(1_048_576), /at most 1024/],
    ["no text", 123456789012345, /./],
  ])("is refused: %s", (_what, password, message) => {
    expect(problem(password)).toMatch(message);
  });

  test.each(["a long enough sentence", "correct horse battery", "👩‍🚀🇮🇹🐘é".repeat(4)])(
    "may be any sentence: %s",
    (password) => {
      expect(problem(password)).toBeUndefined();
    },
  );
});
