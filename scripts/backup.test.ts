import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { verifyAudit } from "@/lib/audit/verify";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { createContact } from "@/lib/contacts/mutations";
import { getAccessToken } from "@/lib/email-accounts/access-token";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { bindOnce } from "@/lib/installation/keys/bind/mutations";
import { findLock, isKeyRight } from "@/lib/installation/keys/store";
import { HOUR_MS } from "@/lib/kernel/clock";
import { newKey } from "@/lib/kernel/crypto";
import { db, pool } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { administrator, program } from "@/lib/testing/actors";
import { openBrowser } from "@/lib/testing/browser";
import { passwordInUse, secretInUse } from "@/lib/testing/credentials";
import { createDatabase, inAnotherProcess } from "@/lib/testing/database";
import { sealAsBefore } from "@/lib/testing/earlier-version";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, accountForm, connectedAccount } from "@/lib/testing/sign-in";
import { letExpire, tokenRow } from "@/lib/testing/tokens";
import { openAddress } from "@/lib/watch/alerts/channels/store";
import { createAlertChannel } from "@/lib/watch/alerts/mutations";
import { createAlertChannelSchema } from "@/lib/watch/alerts/schema";
import { bundle } from "./build.mjs";
import { applyMigration, migrate, pendingMigrations, readMigrations } from "./migrate.mjs";

const sandbox = withInstallation();
const BUILD = ".build/test-backup";
/** How long a loaded machine may take for what takes a moment. */
const PATIENCE = { timeout: 30_000, interval: 5 };
const PASSWORD = "the password of a mailbox";
const ada = administrator();
/** As the sandbox's installation was given it. */
let key: string;
let source: string;
let folder: string;
const WEBHOOK = {
  name: "Hook",
  kind: "webhook",
  url: "https://hooks.contoso.com/services/canary",
  enabled: true,
  recipients: "",
  emailAccountId: null,
  smtp: null,
  from: "",
  user: "",
  password: "",
};
let connected: Awaited<ReturnType<typeof connectedAccount>>;
let custom: { id: string };
const databases: { url: string; drop(): Promise<void> }[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "postkey-backup-"));
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
     FROM generate_series(1, 20000) n`,
    [list.id],
  );
  await bundle({ operate: "scripts/operate.ts" }, BUILD);
}, 60_000);

afterEach(async () => {
  for (const { drop } of databases.splice(0)) await drop();
});
afterAll(() => {
  for (const path of [folder, BUILD]) rmSync(path, { recursive: true, force: true });
});

function start(args: string[], databaseUrl: string, withKey = key) {
  let text = "";
  const env = { ...process.env, DATABASE_URL: databaseUrl, POSTKEY_KEY: withKey };
  const child = spawn(
    process.execPath,
    ["--conditions=react-server", `${BUILD}/operate.mjs`, ...args],
    { stdio: ["ignore", "pipe", "pipe"], env },
  );
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      text += chunk;
    });
  const ended = once(child, "exit").then(([code]) => ({ code, text }));
  return { child, ended };
}
const operate = (args: string[], databaseUrl: string, withKey?: string) =>
  start(args, databaseUrl, withKey).ended;

async function newDatabase(options = { empty: true }): Promise<string> {
  const database = await createDatabase(options);
  databases.push(database);
  return database.url;
}

async function backUp(name: string, databaseUrl = source): Promise<string> {
  const file = join(folder, name);
  const { code, text } = await operate(["backup", file], databaseUrl);
  expect(code, text).toBe(0);
  return file;
}

async function query<R extends Record<string, unknown>>(url: string, sql: string): Promise<R[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A hash of the rows of each table. */
async function dump(url: string): Promise<Record<string, string>> {
  const tables = await query<{ name: string }>(
    url,
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
  );
  const hashes = tables.map(
    ({ name }) => `SELECT '${name}' AS name,
      count(*) || ' ' || coalesce(md5(string_agg(t::text, chr(10) ORDER BY t::text)), '') AS hash
      FROM "${name}" t`,
  );
  // A database that was never used has none.
  if (hashes.length === 0) return {};
  const rows = await query<{ name: string; hash: string }>(url, hashes.join(" UNION ALL "));
  // They come in any order: PostgreSQL may read several tables at once.
  return Object.fromEntries(rows.map(({ name, hash }) => [name, hash] as const).sort());
}

/** Works on another database with the product's own code. */
function within<T>(url: string, work: () => Promise<T>): Promise<T> {
  return inAnotherProcess({ DATABASE_URL: url, POSTKEY_KEY: key }, work);
}

/** Holds up a backup halfway: it cannot read a table whose shape another transaction changes. */
async function blockBackup() {
  const client = new Client({ connectionString: source });
  await client.connect();
  await client.query('BEGIN; LOCK TABLE "ApiKey" IN ACCESS EXCLUSIVE MODE');
  return {
    async reached() {
      await vi.waitFor(async () => {
        const { rows } = await client.query(
          `SELECT 1 FROM pg_locks WHERE relation = '"ApiKey"'::regclass AND NOT granted`,
        );
        expect(rows).toHaveLength(1);
      }, PATIENCE);
    },
    release: () => client.end(),
  };
}

/** Changed by a restore on purpose. */
const CHANGED = [
  "AuditEvent",
  "AuditHead",
  "Installation",
  "TokenSet",
  "Session",
  "_prisma_migrations",
];

/** What a restore gives back as it was. */
async function sourceRows() {
  const rows = Object.entries(await dump(source));
  return Object.fromEntries(rows.filter(([table]) => !CHANGED.includes(table)));
}

describe("a backup", () => {
  test("gives every row and every secret back, into a new database", async () => {
    const file = await backUp("quiet");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const target = await newDatabase();
    const { code, text } = await operate(["restore", file], target);
    expect(code, text).toBe(0);
    const after = await dump(target);
    expect(Object.keys(after)).toEqual(Object.keys(await dump(source)));
    expect(after).toMatchObject(await sourceRows());
    await within(target, async () => {
      expect(await isKeyRight()).toBe(true);
      expect(await passwordInUse(custom.id)).toBe(PASSWORD);
      const clientSecret = await secretInUse(connected.cloudProviderId);
      expect(clientSecret).toBe(sandbox().registration.clientSecret);
      const motion = program("tokens:read");
      const token = await getAccessToken(motion, connected.emailAccountId, "hand_out");
      expect(token.accessToken.split(".")).toHaveLength(3);
      expect(await verifyAudit()).toMatchObject({ isIntact: true });
      // Ids go on behind those that there are.
      await createContactList(ada, { name: "Afterwards" });
      expect(await verifyAudit()).toMatchObject({ isIntact: true });
    });
    const [said] = await query(
      target,
      `SELECT action FROM "AuditEvent" ORDER BY id DESC OFFSET 1 LIMIT 1`,
    );
    expect(said).toEqual({ action: "installation.restore" });
    const [state] = await query(
      target,
      `SELECT "restoredAt" IS NOT NULL AS restored, (SELECT count(*)::int FROM "Session") AS sessions,
        (SELECT count(*)::int FROM "TokenSet" WHERE "leaseOwner" IS NOT NULL) AS leases FROM "Installation"`,
    );
    expect(state).toEqual({ restored: true, sessions: 0, leases: 0 });
  }, 60_000);

  test("that is made while others write is of one moment, with all that was acknowledged before", async () => {
    const list = await createContactList(ada, { name: "Busy" });
    const acknowledged: string[] = [];
    const writing = new AbortController();
    const write = async (writer: number) => {
      for (let index = 0; !writing.signal.aborted; index += 1) {
        const email = `w${writer}-${index}@busy.test`;
        // A row and its event in the trail, in one transaction.
        await createContact(ada, { contactListId: list.id, email, name: "Busy" });
        acknowledged.push(email);
      }
    };
    const written = (more: number, after = acknowledged.length) =>
      vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(after + more), PATIENCE);
    const writers = Promise.all([1, 2, 3].map(write));
    const block = await blockBackup();
    const file = join(folder, "busy");
    let before: string[] = [];
    let after: string[] = [];
    try {
      await written(10);
      before = [...acknowledged];
      const backup = operate(["backup", file], source);
      await block.reached();
      // Writers do not wait for the backup that is under way, and their rows are not in it.
      const middle = acknowledged.length;
      await written(10);
      after = acknowledged.slice(middle + 3);
      await block.release();
      expect(await backup).toMatchObject({ code: 0 });
    } finally {
      writing.abort();
      await writers;
    }
    const target = await newDatabase();
    expect(await operate(["restore", file], target)).toMatchObject({ code: 0 });
    const contacts = await query<{ email: string }>(
      target,
      `SELECT email FROM "Contact" WHERE "contactListId" = '${list.id}'`,
    );
    const found = new Set(contacts.map(({ email }) => email));
    expect(before.filter((email) => !found.has(email))).toEqual([]);
    expect(after.filter((email) => found.has(email))).toEqual([]);
    const [events] = await query(
      target,
      `SELECT count(*)::int AS count FROM "AuditEvent" WHERE action = 'contact.create'`,
    );
    expect(events).toEqual({ count: found.size });
    await within(target, async () => expect(await verifyAudit()).toMatchObject({ isIntact: true }));
  }, 60_000);

  test("has its name only when it is whole, and overwrites none", async () => {
    const file = join(folder, "killed");
    const block = await blockBackup();
    const { child, ended } = start(["backup", file], source);
    await block.reached();
    child.kill("SIGKILL");
    await ended;
    await block.release();
    expect(existsSync(`${file}.partial`)).toBe(true);
    expect(existsSync(file)).toBe(false);
    await backUp("killed");
    const { code, text } = await operate(["backup", file], source);
    expect([code, text]).toEqual([1, expect.stringContaining("already exists")]);
    expect(readdirSync(folder).filter((name) => name.endsWith(".partial"))).toEqual([]);
  }, 60_000);

  test("needs no key", async () => {
    const file = join(folder, "keyless");
    expect(await operate(["backup", file], source, "")).toMatchObject({ code: 0 });
    const text = gunzipSync(readFileSync(file)).toString();
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain(sandbox().registration.clientSecret);
  }, 60_000);
});

describe("a restore", () => {
  let file: string;
  beforeAll(async () => {
    file = await backUp("restored");
  });

  async function expectRefused(
    args: string[],
    target: string,
    { reason, withKey }: { reason: RegExp; withKey?: string },
  ) {
    const before = await dump(target);
    const { code, text } = await operate(["restore", ...args], target, withKey);
    expect([code, text]).toEqual([1, expect.stringMatching(reason)]);
    expect(await dump(target)).toEqual(before);
  }

  test("of a file that is cut short or changed anywhere is refused before anything is written", async () => {
    const target = await newDatabase();
    const whole = readFileSync(file);
    const odd = join(folder, "odd");
    for (const share of [0, 0.01, 0.5, 0.99]) {
      writeFileSync(odd, whole.subarray(0, Math.floor(whole.length * share)));
      await expectRefused([odd], target, { reason: /cannot be read|not whole/ });
    }
    const text = gunzipSync(whole);
    const cutAfter = (marker: string) => text.subarray(0, text.lastIndexOf(marker) + marker.length);
    const changed = Buffer.from(text);
    changed.write("ALICE", changed.indexOf("alice@contoso.test"));
    for (const bytes of [cutAfter("\n\\.\n"), text.subarray(0, -2), changed, Buffer.from("{}\n")]) {
      writeFileSync(odd, gzipSync(bytes));
      await expectRefused([odd], target, { reason: /not whole/ });
    }
    await expectRefused([join(folder, "nowhere")], target, { reason: /no such file/ });
  }, 120_000);

  test("with another key, or none, is refused", async () => {
    const target = await newDatabase();
    await expectRefused([file], target, { reason: /does not open this backup/, withKey: newKey() });
    await expectRefused([file], target, {
      reason: /POSTKEY_KEY or POSTKEY_KEY_FILE must give/,
      withKey: "",
    });
    await expectRefused([file, "--replace"], target, {
      reason: /does not open this backup/,
      withKey: newKey(),
    });
  }, 60_000);

  test("into a database that holds something needs to be told, and says what it would replace", async () => {
    const target = await newDatabase({ empty: false });
    await query(
      target,
      `INSERT INTO "ContactList" (id, name, "nameKey") VALUES (gen_random_uuid(), 'Mine', 'mine');
       UPDATE "Installation" SET "installationId" = gen_random_uuid()`,
    );
    await expectRefused([file], target, { reason: /holds another installation.*--replace/ });
    expect(await operate(["restore", file, "--replace"], target)).toMatchObject({ code: 0 });
    expect((await dump(target)).ContactList).toBe((await dump(source)).ContactList);
    await expectRefused([file], target, { reason: /is not empty.*--replace/ });
  }, 60_000);

  test("into a database that somebody works with is refused", async () => {
    const target = await newDatabase();
    const other = new Client({ connectionString: target });
    await other.connect();
    const { code, text } = await operate(["restore", file], target);
    await other.end();
    expect([code, text]).toEqual([1, expect.stringContaining("Stop Postkey first")]);
  }, 60_000);

  test.each([
    ["while it clears the place", /^DROP|CREATE TABLE|^COPY/],
    ["while rows come in", /^COPY|ENABLE TRIGGER/],
    ["at its end", /ENABLE TRIGGER|setval|restoredAt|AuditEvent/],
  ])(
    "that is killed %s leaves what was there, or is complete",
    async (_when, statement) => {
      const target = await newDatabase({ empty: false });
      for (let isKilled = false; !isKilled; ) {
        await query(target, `DELETE FROM "Contact"; DELETE FROM "ContactList"`);
        const before = await dump(target);
        const { child, ended } = start(["restore", file, "--replace"], target);
        await untilItRuns(target, statement, child);
        child.kill("SIGKILL");
        isKilled = (await ended).code === null;
        const after = await settled(target);
        if (after.ContactList === before.ContactList) expect(after).toEqual(before);
        else expect(after).toMatchObject(await sourceRows());
      }
      expect(await operate(["restore", file, "--replace"], target)).toMatchObject({ code: 0 });
      expect(await dump(target)).toMatchObject(await sourceRows());
    },
    60_000,
  );

  /** Waits for a statement of a restore, or one behind it, from outside: a restore admits no one else. */
  async function untilItRuns(target: string, statement: RegExp, child: ChildProcess) {
    const outside = new URL(target);
    outside.pathname = "/postgres";
    const client = new Client({ connectionString: outside.href });
    await client.connect();
    const sql = "SELECT query FROM pg_stat_activity WHERE datname = $1 AND xact_start IS NOT NULL";
    try {
      while (child.exitCode === null) {
        const { rows } = await client.query(sql, [new URL(target).pathname.slice(1)]);
        if (rows.some(({ query }) => statement.test(query))) return;
      }
    } finally {
      await client.end();
    }
  }

  /** The server notices that a client was killed when it writes to it next. */
  async function settled(target: string) {
    await vi.waitFor(async () => {
      const others = await query(
        target,
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
      );
      expect(others).toEqual([]);
    }, PATIENCE);
    return dump(target);
  }

  /** The same backup with another header, and a trailer that fits. */
  function withHeader(name: string, change: (header: Record<string, unknown>) => object): string {
    const text = gunzipSync(readFileSync(file)).toString();
    const lines = text.trimEnd().split("\n");
    lines[0] = JSON.stringify(change(JSON.parse(lines[0] ?? "")));
    const trailer = JSON.parse(lines.pop() ?? "");
    const body = `${lines.join("\n")}\n`;
    const sha256 = createHash("sha256").update(body).digest("hex");
    const path = join(folder, name);
    writeFileSync(path, gzipSync(`${body}${JSON.stringify({ ...trailer, sha256 })}\n`));
    return path;
  }

  test("of a newer version, of another format or with other tables is refused", async () => {
    const target = await newDatabase();
    const newer = withHeader("newer", (header) => ({
      ...header,
      migrations: [...(header.migrations as object[]), { name: "29990101_later", checksum: "x" }],
    }));
    await expectRefused([newer], target, { reason: /newer version of Postkey.*29990101_later/ });
    const format = withHeader("format", (header) => ({ ...header, version: 2 }));
    await expectRefused([format], target, { reason: /format that this version does not know/ });
    const tables = withHeader("tables", (header) => ({
      ...header,
      tables: [{ name: 'x"; DROP TABLE y; --', columns: ["a"] }],
    }));
    await expectRefused([tables], target, { reason: /tables in this backup do not match/ });
  }, 60_000);

  test("of an older version is migrated to this one", async () => {
    const old = await newDatabase();
    const migrations = (await readMigrations("prisma/migrations")).filter(
      ({ name }) => name <= "20261125050000_nothing_lost",
    );
    const client = new Client({ connectionString: old });
    await client.connect();
    await pendingMigrations(client, []);
    for (const migration of migrations) await applyMigration(client, migration);
    await client.query(
      `INSERT INTO "ContactList" (id, name, "nameKey") VALUES (gen_random_uuid(), 'Old', 'old')`,
    );
    await client.query(`INSERT INTO "KeyCanary" SELECT 1, $1`, [
      (await query<{ sealed: string }>(source, `SELECT sealed FROM "KeyCanary"`))[0]?.sealed,
    ]);
    await client.end();
    const older = await backUp("older", old);
    const target = await newDatabase();
    const { code, text } = await operate(["restore", older], target);
    expect(code, text).toBe(0);
    expect(await query(target, `SELECT name FROM "ContactList"`)).toEqual([{ name: "Old" }]);
    const again = new Client({ connectionString: target });
    await again.connect();
    expect(await migrate(again, "prisma/migrations")).toEqual([]);
    await again.end();
    await within(target, async () => expect(await verifyAudit()).toMatchObject({ isIntact: true }));
  }, 60_000);

  test("from before secrets were bound to where they may be sent binds them", async () => {
    const { id: hook } = await createAlertChannel(ada, createAlertChannelSchema.parse(WEBHOOK));
    await sealAsBefore();
    const before = await backUp("unbound");
    await bindOnce();
    const target = await newDatabase();
    const { code, text } = await operate(["restore", before], target);
    expect(code, text).toBe(0);
    await within(target, async () => {
      expect(await findLock()).toBeNull();
      expect(await passwordInUse(custom.id)).toBe(PASSWORD);
      expect(await secretInUse(connected.cloudProviderId)).toBeTruthy();
      const row = await db().alertChannel.findUniqueOrThrow({ where: { id: hook } });
      expect(row.target).toEqual({ kind: "webhook", origin: "https://hooks.contoso.com" });
      expect(openAddress({ ...row, alertChannelId: hook }, "https://hooks.contoso.com")).toBe(
        WEBHOOK.url,
      );
      expect(await verifyAudit()).toMatchObject({ isIntact: true });
    });
  }, 60_000);
});

describe("an installation that was restored", () => {
  const motion = program("tokens:read");
  const renewed = async () => {
    await letExpire(connected.cloudProviderId);
    return getAccessToken(motion, connected.emailAccountId, "hand_out");
  };
  const row = () => tokenRow(connected.cloudProviderId);

  test("goes on from refresh tokens that are older than those in use, and so do its copies", async () => {
    await renewed();
    const held = { leaseOwner: "a keeper", leaseUntil: new Date(Date.now() + HOUR_MS) };
    const { fence } = await db().tokenSet.update({
      where: { authorizationId: (await row()).authorizationId },
      data: held,
      select: { fence: true },
    });
    const file = await backUp("yesterday");
    await db().tokenSet.updateMany({ data: { leaseOwner: null, leaseUntil: null } });
    for (let days = 0; days < 3; days += 1) await renewed();

    const copies = [await newDatabase(), await newDatabase()];
    for (const copy of copies)
      expect(await operate(["restore", file], copy)).toMatchObject({ code: 0 });
    // They run beside the copied installation, in turns: neither takes a sign-in from the other.
    for (let round = 0; round < 2; round += 1) {
      for (const copy of copies)
        await within(copy, async () => {
          // The former holder of the lease holds nothing here.
          expect((await row()).fence).toBeGreaterThan(fence + round);
          expect((await row()).leaseOwner).toBeNull();
          expect(await renewed()).toMatchObject({ username: ALICE });
          expect(await row()).toMatchObject({ state: "connected", failures: 0 });
        });
      expect(await renewed()).toMatchObject({ username: ALICE });
    }
    for (const copy of copies)
      await within(copy, async () => expect(await verifyAudit()).toMatchObject({ isIntact: true }));
  }, 60_000);

  test("is told apart from its copies by when it was restored", async () => {
    const file = await backUp("twice");
    const copies = [await newDatabase(), await newDatabase()];
    const [mine] = await query(source, `SELECT "installationId" AS id FROM "Installation"`);
    const epochs = new Set<string>();
    for (const copy of copies) {
      expect(await operate(["restore", file], copy)).toMatchObject({ code: 0 });
      const [found] = await query<{ id: string; at: Date; said: string }>(
        copy,
        `SELECT "installationId" AS id, "restoredAt" AS at,
           (SELECT detail->>'madeAt' FROM "AuditEvent" WHERE action = 'installation.restore') AS said
         FROM "Installation"`,
      );
      expect(found).toMatchObject({ id: mine?.id, at: expect.any(Date) });
      // The trail names the moment that it went back to.
      expect(Date.parse(found?.said ?? "")).toBeLessThan(found?.at.getTime() ?? 0);
      epochs.add(String(found?.at.toISOString()));
    }
    expect(epochs.size).toBe(2);
  }, 60_000);
});
