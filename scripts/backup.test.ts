import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { verifyAudit } from "@/lib/audit/verify";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { createContact } from "@/lib/contacts/mutations";
import { getAccessToken } from "@/lib/email-accounts/access-token";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { isKeyRight } from "@/lib/installation/keys/store";
import { HOUR_MS } from "@/lib/kernel/clock";
import { newKey } from "@/lib/kernel/crypto";
import { db, pool } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { administrator, program } from "@/lib/testing/actors";
import { openBrowser } from "@/lib/testing/browser";
import { passwordInUse, secretInUse } from "@/lib/testing/credentials";
import { createDatabase, inAnotherProcess } from "@/lib/testing/database";
import { dump, dumpRestorable, queryAt } from "@/lib/testing/dump";
import { fillTables } from "@/lib/testing/fill-tables";
import { folderOfFile } from "@/lib/testing/folder";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, accountForm, connectedAccount } from "@/lib/testing/sign-in";
import { letExpire, tokenRow } from "@/lib/testing/tokens";
import { backUp } from "./back-up";
import { restore } from "./restore";

/** What the two commands do; backup.long.test.ts kills their processes. */
const sandbox = withInstallation();
const PASSWORD = "the password of a mailbox";
const ada = administrator();
/** As the sandbox's installation was given it. */
let key: string;
let source: string;
const folder = folderOfFile();
let file: string;
let connected: Awaited<ReturnType<typeof connectedAccount>>;
let custom: { id: string };
const databases: { url: string; drop(): Promise<void> }[] = [];

beforeAll(async () => {
  vi.spyOn(console, "log").mockImplementation(() => {});
  key = env().keyring.current.bytes.toString("base64");
  source = env().databaseUrl;
  await isKeyRight();
  await openBrowser();
  connected = await connectedAccount(ada, sandbox());
  const endpoint = { host: "mail.contoso.invalid", port: 993, tls: "implicit" };
  const hosts = { imap: endpoint, smtp: endpoint, pop3: endpoint };
  const form = { service: "custom", modernAuthentication: false, hosts, password: PASSWORD };
  custom = await createEmailAccount(ada, accountForm(form));
  const list = await createContactList(ada, {
    name: 'Tab\there, "quotes", \\N, \\. and ünïcødé 💥',
  });
  await pool().query(
    `INSERT INTO "Contact" (id, "contactListId", email, "emailKey", name)
     SELECT gen_random_uuid(), $1, n || '@x.test', n || '@x.test', repeat(E'\\\\.\n', n % 7)
     FROM generate_series(1, 500) n`,
    [list.id],
  );
  file = await backedUp("restored");
}, 60_000);

afterEach(async () => {
  for (const { drop } of databases.splice(0)) await drop();
});
afterAll(() => vi.restoreAllMocks());

async function newDatabase(options = { empty: true }): Promise<string> {
  const database = await createDatabase(options);
  databases.push(database);
  return database.url;
}

/** Works on another database with the product's own code. */
function within<T>(url: string, work: () => Promise<T>, withKey = key): Promise<T> {
  return inAnotherProcess({ DATABASE_URL: url, POSTKEY_KEY: withKey }, work);
}

async function backedUp(name: string, { from = source, withKey = key } = {}): Promise<string> {
  const path = join(folder, name);
  await within(from, () => backUp([path]), withKey);
  return path;
}

const restoreInto = (target: string, ...args: string[]) => within(target, () => restore(args));

/** Halts a backup halfway: it cannot read a table whose shape another transaction changes. */
async function blockBackup() {
  const client = new Client({ connectionString: source });
  await client.connect();
  await client.query('BEGIN; LOCK TABLE "ApiKey" IN ACCESS EXCLUSIVE MODE');
  const waiting = `SELECT pid FROM pg_locks WHERE relation = '"ApiKey"'::regclass AND NOT granted`;
  return {
    reached: async () => {
      const pids = async () => (await client.query<{ pid: number }>(waiting)).rows;
      await expect.poll(async () => (await pids()).length).toBe(1);
      return (await pids())[0]?.pid ?? 0;
    },
    release: () => client.end(),
  };
}

describe("a backup", () => {
  test("gives every row and every secret back, into a new database", async () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const target = await newDatabase();
    await restoreInto(target, file);
    const after = await dump(target);
    expect(Object.keys(after)).toEqual(Object.keys(await dump(source)));
    expect(after).toMatchObject(await dumpRestorable(source));
    const last = 'SELECT action FROM "AuditEvent" ORDER BY id DESC LIMIT 1';
    expect(await queryAt(target, last)).toEqual([{ action: "installation.restore" }]);
    await within(target, async () => {
      expect(await isKeyRight()).toBe(true);
      expect(await passwordInUse(custom.id)).toBe(PASSWORD);
      const clientSecret = await secretInUse(connected.cloudProviderId);
      expect(clientSecret).toBe(sandbox().registration.clientSecret);
      const motion = program("tokens:read");
      const token = await getAccessToken(motion, connected.emailAccountId, "hand_out");
      expect(token.accessToken.split(".")).toHaveLength(3);
      // Ids go on behind those that there are.
      await createContactList(ada, { name: "Afterwards" });
      expect(await verifyAudit()).toMatchObject({ isIntact: true });
    });
    const sessions = 'SELECT count(*)::int AS sessions FROM "Session"';
    expect(await queryAt(target, sessions)).toEqual([{ sessions: 0 }]);
  });

  test("that is made while others write is of one moment, and lets them write", async () => {
    const list = await createContactList(ada, { name: "Busy" });
    const write = (name: string) =>
      createContact(ada, { contactListId: list.id, email: `${name}@busy.test`, name });
    await write("before");
    const block = await blockBackup();
    const backup = backedUp("busy");
    await block.reached();
    await write("during");
    await block.release();
    const text = gunzipSync(readFileSync(await backup)).toString();
    expect(text).toContain("before@busy.test");
    expect(text).not.toContain("during@busy.test");
  });

  test("has its name only when it is whole, and overwrites none", async () => {
    const block = await blockBackup();
    const failing = backedUp("failed");
    const pid = await block.reached();
    await pool().query("SELECT pg_terminate_backend($1)", [pid]);
    await expect(failing).rejects.toThrow();
    await block.release();
    const files = () => readdirSync(folder).filter((name) => name.startsWith("failed"));
    expect(files()).toEqual([]);
    // A backup needs no key, and shows no secret.
    const keyless = await backedUp("failed", { withKey: "" });
    const text = gunzipSync(readFileSync(keyless)).toString();
    for (const secret of [PASSWORD, sandbox().registration.clientSecret])
      expect(text).not.toContain(secret);
    await expect(backedUp("failed")).rejects.toThrow("already exists");
    expect(files()).toEqual(["failed"]);
  });
});

describe("a restore", () => {
  test("of rows in every table leaves nothing that runs, and no link that opens something", async () => {
    const used = await newDatabase();
    await restoreInto(used, file);
    // Whatever there was is over; what is filled in waits.
    await queryAt(used, `TRUNCATE "Letter", "TestRun" CASCADE`);
    const filled = await fillTables(used);
    expect(filled).toEqual(expect.arrayContaining(["DeviceGateway", "PasswordLink", "SignInLink"]));
    const target = await newDatabase();
    await restoreInto(target, await backedUp("every-table", { from: used }));
    const before = Object.entries(await dump(used));
    const kept = await dump(target);
    const gone = before.filter(([table]) => kept[table]?.startsWith("0 ")).map(([table]) => table);
    expect(gone.sort().join(" ")).toBe(
      "AuthorizationRequest DeviceGateway MailboxLease MailboxPlace " +
        "PasskeyChallenge PendingSignIn Session SetupLink",
    );
    const open = `SELECT count(*)::int AS open FROM (
      SELECT "expiresAt" FROM "SetupLink" UNION ALL SELECT "expiresAt" FROM "PasswordLink"
      UNION ALL SELECT "expiresAt" FROM "SignInLink") l WHERE "expiresAt" > now()`;
    expect(await queryAt(used, open)).toEqual([{ open: 3 }]);
    expect(await queryAt(target, open)).toEqual([{ open: 0 }]);
    const waiting = `SELECT FROM "Letter" WHERE state = 'waiting'
      UNION ALL SELECT FROM "TestRun" WHERE "finishedAt" IS NULL AND "cancelledAt" IS NULL`;
    expect(await queryAt(used, waiting)).toHaveLength(2);
    expect(await queryAt(target, waiting)).toEqual([]);
  });

  type Refused = { reason: RegExp; withKey?: string };

  async function expectRefused(target: string, args: string[], { reason, withKey }: Refused) {
    const before = await dump(target);
    await expect(within(target, () => restore(args), withKey)).rejects.toThrow(reason);
    expect(await dump(target)).toEqual(before);
  }

  test("of a file that is cut short or changed anywhere is refused before anything is written", async () => {
    const target = await newDatabase();
    const whole = readFileSync(file);
    const odd = join(folder, "odd");
    const expectOdd = async (bytes: Buffer, reason: RegExp) => {
      writeFileSync(odd, bytes);
      await expectRefused(target, [odd], { reason });
    };
    for (const share of [0, 0.01, 0.5, 0.99])
      await expectOdd(whole.subarray(0, whole.length * share), /cannot be read|not whole/);
    const text = gunzipSync(whole);
    const cutAfter = (marker: string) => text.subarray(0, text.lastIndexOf(marker) + marker.length);
    const changed = Buffer.from(text);
    changed.write("ALICE", changed.indexOf("alice@contoso.test"));
    for (const bytes of [cutAfter("\n\\.\n"), text.subarray(0, -2), changed, Buffer.from("{}\n")])
      await expectOdd(gzipSync(bytes), /not whole/);
    await expectRefused(target, [join(folder, "nowhere")], { reason: /no such file/ });
  });

  test("with another key, or none, is refused", async () => {
    const target = await newDatabase();
    const another = { reason: /does not open this backup/, withKey: newKey() };
    await expectRefused(target, [file], another);
    await expectRefused(target, [file, "--replace"], another);
    const reason = /POSTKEY_KEY or POSTKEY_KEY_FILE must give/;
    await expectRefused(target, [file], { reason, withKey: "" });
  });

  test("into a database that holds something, or is in use, has to be told or is refused", async () => {
    const target = await newDatabase({ empty: false });
    await queryAt(
      target,
      `INSERT INTO "ContactList" (id, name, "nameKey") VALUES (gen_random_uuid(), 'Mine', 'mine');
       UPDATE "Installation" SET "installationId" = gen_random_uuid()`,
    );
    await expectRefused(target, [file], { reason: /holds another installation.*--replace/ });
    const other = new Client({ connectionString: target });
    await other.connect();
    await expectRefused(target, [file, "--replace"], { reason: /Stop Postkey first/ });
    await other.end();
    await restoreInto(target, file, "--replace");
    const names = 'SELECT name FROM "ContactList" ORDER BY name';
    expect(await queryAt(target, names)).not.toContainEqual({ name: "Mine" });
    await expectRefused(target, [file], { reason: /is not empty.*--replace/ });
  });

  /** The same backup with another header, and a trailer that fits. */
  function withHeader(name: string, change: (header: Record<string, unknown>) => object): string {
    const text = gunzipSync(readFileSync(file)).toString();
    const lines = text.trimEnd().split("\n");
    const header = JSON.parse(lines[0] ?? "");
    lines[0] = JSON.stringify({ ...header, ...change(header) });
    const trailer = JSON.parse(lines.pop() ?? "");
    const body = `${lines.join("\n")}\n`;
    const sha256 = createHash("sha256").update(body).digest("hex");
    const path = join(folder, name);
    writeFileSync(path, gzipSync(`${body}${JSON.stringify({ ...trailer, sha256 })}\n`));
    return path;
  }

  test("of a newer version, another format or other tables is refused, and leaves what was there", async () => {
    const target = await newDatabase({ empty: false });
    const newer = withHeader("newer", ({ migrations }) => ({
      migrations: [...(migrations as object[]), { name: "29990101_later", checksum: "x" }],
    }));
    const format = withHeader("format", () => ({ version: 2 }));
    // Noticed only when the place was cleared: what is written is one transaction.
    const tables = withHeader("tables", () => ({
      tables: [{ name: 'x"; DROP TABLE y; --', columns: ["a"] }],
    }));
    for (const [path, reason] of [
      [newer, /newer version of Postkey.*29990101_later/],
      [format, /format that this version does not know/],
      [tables, /tables in this backup do not match/],
    ] as const)
      await expectRefused(target, [path, "--replace"], { reason });
  });

  test("of an older version is migrated to this one", async () => {
    const migrations = join(folder, "migrations");
    cpSync("prisma/migrations", migrations, { recursive: true });
    mkdirSync(join(migrations, "29990101_later"));
    const later = `CREATE TABLE "Later" AS SELECT count(*)::int AS lists FROM "ContactList"`;
    writeFileSync(join(migrations, "29990101_later", "migration.sql"), later);
    const target = await newDatabase();
    await within(target, () => restore([file], migrations));
    const [{ lists } = { lists: 0 }] = await queryAt<{ lists: number }>(target, 'TABLE "Later"');
    expect(await queryAt(target, 'SELECT 1 FROM "ContactList"')).toHaveLength(lists);
    expect(lists).toBeGreaterThan(0);
  });
});

test("a restored installation goes on from older refresh tokens, beside its source, and is told apart", async () => {
  const renewed = async () => {
    await letExpire(connected.cloudProviderId);
    return getAccessToken(program("tokens:read"), connected.emailAccountId, "hand_out");
  };
  const row = () => tokenRow(connected.cloudProviderId);
  await renewed();
  const { fence } = await db().tokenSet.update({
    where: { authorizationId: (await row()).authorizationId },
    data: { leaseOwner: "a keeper", leaseUntil: new Date(Date.now() + HOUR_MS) },
  });
  const yesterday = await backedUp("yesterday");
  await db().tokenSet.updateMany({ data: { leaseOwner: null, leaseUntil: null } });
  for (let days = 0; days < 3; days += 1) await renewed();

  const copy = await newDatabase();
  const begunAt = Date.now();
  await restoreInto(copy, yesterday);
  // Neither takes the sign-in from the other.
  for (let round = 0; round < 2; round += 1) {
    await within(copy, async () => {
      // The former holder of the lease holds nothing here.
      expect(await row()).toMatchObject({ leaseOwner: null });
      expect((await row()).fence).toBeGreaterThan(fence + round);
      expect(await renewed()).toMatchObject({ username: ALICE });
      expect(await row()).toMatchObject({ state: "connected", failures: 0 });
    });
    expect(await renewed()).toMatchObject({ username: ALICE });
  }
  const epoch = `SELECT "installationId" AS id, "restoredAt" AS at, (SELECT (detail->>'madeAt')::timestamptz
      FROM "AuditEvent" WHERE action = 'installation.restore') AS "madeAt" FROM "Installation"`;
  const [mine] = await queryAt<{ id: string }>(source, epoch);
  expect(mine).toMatchObject({ at: null });
  const [found] = await queryAt<{ id: string; at: Date; madeAt: Date }>(copy, epoch);
  expect(found?.id).toBe(mine?.id);
  // Each restore is an epoch, and the trail names the moment that it went back to.
  expect(Number(found?.at)).toBeGreaterThanOrEqual(begunAt);
  expect(Number(found?.madeAt)).toBeLessThan(begunAt);
});
