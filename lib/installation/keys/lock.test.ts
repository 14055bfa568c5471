import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { getAccessToken } from "@/lib/email-accounts/access-token";
import { findUser, signOut } from "@/lib/http/auth/session";
import { ALL_PERMISSIONS, requirePermission, requirePermissionToSee } from "@/lib/kernel/actor";
import { newKey } from "@/lib/kernel/crypto";
import { pool } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { setUp } from "@/lib/people/administrators/set-up";
import { signIn } from "@/lib/people/administrators/sign-in";
import { listApiKeys } from "@/lib/programs/queries";
import { listCloudProviders } from "@/lib/registrations/queries";
import { administrator } from "@/lib/testing/actors";
import { closeBrowser, openBrowser } from "@/lib/testing/browser";
import { startBundle } from "@/lib/testing/bundle-process";
import { dump } from "@/lib/testing/dump";
import { folderOfFile } from "@/lib/testing/folder";
import { createApiKey } from "@/lib/testing/made";
import { withInstallation } from "@/lib/testing/sandbox";
import { arrive, connectedAccount, walk } from "@/lib/testing/sign-in";
import { forgetSingletons } from "@/lib/testing/singletons";
import { bundle } from "@/scripts/build.mjs";
import { findLock, isKeyRight } from "./store";

const sandbox = withInstallation();
const BUILD = ".build/test-lock";
const ada = administrator();
let connected: Awaited<ReturnType<typeof connectedAccount>>;
let databaseUrl: string;
const folder = folderOfFile();

beforeAll(async () => {
  databaseUrl = env().databaseUrl;
  await isKeyRight();
  connected = await connectedAccount(ada, sandbox());
  await bundle({ bootstrap: "scripts/bootstrap.ts", keeper: "lib/keeper/main.ts" }, BUILD);
}, 60_000);
afterAll(() => rmSync(BUILD, { recursive: true, force: true }));

/** The key that the next process begins with; the right one again afterwards. */
async function withKey<T>(key: string, work: () => Promise<T>): Promise<T> {
  const right = env().keyring;
  process.env.DATABASE_URL = databaseUrl;
  process.env.POSTKEY_KEY = key;
  const kept = pool();
  forgetSingletons();
  try {
    return await work();
  } finally {
    await pool().end();
    forgetSingletons();
    process.env.POSTKEY_KEY = newKey();
    env().keyring = right;
    expect(kept.ended).toBe(false);
  }
}

describe.each([
  ["another key", () => newKey(), "does not open this database"],
  ["half a key", () => newKey().slice(0, 20), "must give keys of 32 bytes"],
])("with %s the console", (_what, makeKey, reason) => {
  beforeEach(closeBrowser);

  test("says why, shows what there is, and changes nothing", async () => {
    await openBrowser();
    const { Session: _sessions, SignInThrottle: _throttle, ...before } = await dump(databaseUrl);
    await withKey(makeKey(), async () => {
      expect(await findLock()).toContain(reason);
      await openBrowser();
      const person = await findUser();
      if (!person) throw new Error("not signed in");
      expect(person.lockedBecause).toContain(reason);

      expect((await listCloudProviders(person)).rows).toHaveLength(1);
      expect((await listApiKeys(person)).rows).toEqual([]);

      const refused = { code: "locked", message: expect.stringContaining(reason) };
      const { emailAccountId } = connected;
      const input = { name: "Motion", permissions: ["tokens:read" as const] };
      await expect(createContactList(person, { name: "List" })).rejects.toMatchObject(refused);
      await expect(createApiKey(person, input)).rejects.toMatchObject(refused);
      const token = getAccessToken(person, emailAccountId, "hand_out");
      await expect(token).rejects.toMatchObject(refused);
      const form = { token: "x", name: "Eve", email: "eve@contoso.test", password: "x" };
      await expect(setUp(form)).rejects.toMatchObject(refused);
      const wrong = { email: "ada@contoso.test", password: "wrong" };
      await expect(signIn(wrong, {})).rejects.toMatchObject({ code: "unauthenticated" });
      await signOut();
    });
    expect(await dump(databaseUrl)).toMatchObject(before);
    expect(await findLock()).toBeNull();
  });
});

test("an answer of the platform that arrives while it is locked is not redeemed", async () => {
  const person = await openBrowser();
  const subject = { subject: "another", cloudProviderId: connected.cloudProviderId } as const;
  const answer = await walk(person, subject, "bob@contoso.test");
  const locked = { ...person, lockedBecause: "The key is wrong." };
  await expect(arrive(locked, answer)).rejects.toMatchObject({ code: "locked" });
  expect(await arrive(person, answer)).toMatchObject({
    cloudProviderId: connected.cloudProviderId,
  });
});

test("while it is locked, what changes or opens anything is refused, and nothing else", () => {
  const locked = { ...ada, lockedBecause: "The key is wrong." };
  const allowed = ALL_PERMISSIONS.filter((permission) => {
    requirePermissionToSee(locked, permission);
    try {
      requirePermission(locked, permission);
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: "locked" });
      return false;
    }
  });
  expect(allowed.join(" ")).toBe(
    "providers:read accounts:read contacts:read devices:read administrators:read " +
      "incidents:read alerts:read audit:read events:read metrics:read",
  );
});

describe("a start", () => {
  const run = (program: string, args: string[], key: Record<string, string>) =>
    startBundle(`${BUILD}/${program}.mjs`, args, {
      POSTKEY_KEY: "",
      DATABASE_URL: databaseUrl,
      ...key,
    }).ended;

  test.each([
    ["another key", () => ({ POSTKEY_KEY: newKey() })],
    ["a key file that is gone", () => ({ POSTKEY_KEY_FILE: join(folder, "gone") })],
  ])(
    "with %s is locked: the keeper ends for good, and nothing is written",
    async (_what, key) => {
      const before = await dump(databaseUrl);
      const variables = key();
      const start = await run("bootstrap", ["--make-key"], variables);
      expect(start, start.problem).toMatchObject({ code: 0 });
      expect(JSON.parse(start.out)).toEqual({
        setupToken: null,
        lock: expect.stringMatching(/nothing was changed/i),
      });
      const keeper = await run("keeper", [], variables);
      expect(keeper.code, keeper.text).toBe(78);
      expect(keeper.out).toContain("The keeper does not start.");
      expect(await dump(databaseUrl)).toMatchObject(before);
      expect(existsSync(join(folder, "gone"))).toBe(false);
    },
    60_000,
  );
});
