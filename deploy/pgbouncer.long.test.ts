import { existsSync } from "node:fs";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { withOwnPostgres } from "@/e2e/faults/own-postgres";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { connect, readHeader } from "@/lib/installation/backup/store";
import { pool } from "@/lib/kernel/db";
import { subscribe } from "@/lib/kernel/events/hub";
import { administrator } from "@/lib/testing/actors";
import { PROGRAM, SETTINGS, startPooler } from "@/lib/testing/pgbouncer";
import { queryOnce } from "@/lib/testing/postgres-folder";
import { startPostgres } from "@/scripts/embedded-postgres.mjs";
import { openDatabase } from "@/scripts/installation.mjs";

const IGNORED = /^ignore_startup_parameters = .*$/m;
const isThere = existsSync(PROGRAM);
if (!isThere) process.stdout.write("  PgBouncer is not tested (missing: pgbouncer).\n");

describe.runIf(isThere)("behind PgBouncer", () => {
  let direct = "";
  const server = withOwnPostgres(async (folder) => {
    const postgres = await startPostgres(folder);
    direct = postgres.url;
    const { username } = new URL(direct);
    for (const [, statement = ""] of SETTINGS.matchAll(/^; (ALTER ROLE .*);$/gm))
      await queryOnce(direct, statement.replace("postkey", username));
    await queryOnce(direct, `ALTER ROLE ${username} SET timezone = 'Asia/Kathmandu'`);
    const pooler = await startPooler(direct, folder);
    const stop = async () => {
      await pooler.stop();
      await postgres.stop();
    };
    return { url: pooler.url, stop };
  });

  test("in session mode with the settings of deploy/pgbouncer.ini everything works", async () => {
    await (await openDatabase(server.folder)).stop();
    const { rows } = await pool().query(
      `SELECT name, setting FROM pg_settings WHERE name IN ('statement_timeout', 'lock_timeout',
         'idle_in_transaction_session_timeout', 'jit', 'TimeZone') ORDER BY lower(name)`,
    );
    expect(rows.map(({ setting }) => setting)).toEqual(["15000", "off", "4000", "10000", "UTC"]);
    const heard = vi.fn();
    onTestFinished(subscribe(heard));
    const saves = Array.from({ length: 8 }, (_, index) =>
      createContactList(administrator(), { name: `${index}` }),
    );
    await Promise.all(saves);
    await expect
      .poll(async () => {
        await createContactList(administrator(), { name: `${performance.now()}` });
        return heard.mock.calls.length;
      })
      .toBeGreaterThan(0);
    const copying = await connect();
    onTestFinished(() => copying.end());
    expect(await readHeader(copying)).toMatchObject({ format: "postkey-backup" });
  });

  const transactions = (ini: string) => ini.replace("= session", "= transaction");
  const unknown = (ini: string) => ini.replace(IGNORED, "");
  test.each([
    ["transaction mode", transactions, "set pool_mode = session"],
    ["parameters that it does not know", unknown, "unsupported startup parameter"],
  ])("%s stops the start with one line", async (_what, change, said) => {
    const pooler = await startPooler(direct, server.folder, change);
    onTestFinished(() => pooler.stop());
    vi.stubEnv("DATABASE_URL", pooler.url);
    onTestFinished(() => void vi.unstubAllEnvs());
    const line = new RegExp(`^DATABASE_URL: [^\\n]*${said}[^\\n]*$`);
    await expect(openDatabase(server.folder)).rejects.toThrow(line);
  });

  test("limits that the role does not have stop it as well", async () => {
    const { username } = new URL(direct);
    await queryOnce(direct, `ALTER ROLE ${username} RESET statement_timeout`);
    await expect(openDatabase(server.folder)).rejects.toThrow("leaves out statement_timeout");
  });
});
