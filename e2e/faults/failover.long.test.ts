import { chownSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { connect, readHeader } from "@/lib/installation/backup/store";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { DatabaseClient } from "@/lib/kernel/database-client.mjs";
import { db } from "@/lib/kernel/db";
import { subscribe } from "@/lib/kernel/events/hub";
import { administrator } from "@/lib/testing/actors";
import { makeCertificate } from "@/lib/testing/certificate";
import { report } from "@/lib/testing/long";
import { queryOnce, withPostgresFolder } from "@/lib/testing/postgres-folder";
import { startPostgres } from "@/scripts/embedded-postgres.mjs";
import { openDatabase } from "@/scripts/installation.mjs";
import { serverUser } from "@/scripts/postgres-binaries.mjs";
import { withOwnPostgres } from "./own-postgres";
import { startReplicated } from "./replicated-postgres";

const WRITERS = 4;
const BACK_WITHIN_MS = 15 * SECOND_MS;
/** As a cluster takes to notice; 0.5 s in this test, 10 to 30 s in most. */
const PROMOTED_AFTER_MS = 500;
const PATIENCE = { timeout: MINUTE_MS, interval: 20 };
const ada = administrator();

describe.each(["SIGKILL", "SIGSTOP"] as const)("a primary that is lost by %s", (how) => {
  const server = withOwnPostgres(startReplicated);

  test(
    "costs nothing that was acknowledged, and its standby serves the pool, events, migrations and backups",
    async () => {
      const acknowledged: { id: string; at: number }[] = [];
      let errors = 0;
      let isOver = false;
      const write = async (writer: number) => {
        for (let count = 0; !isOver; count += 1)
          try {
            const { id } = await createContactList(ada, { name: `${writer} ${count}` });
            acknowledged.push({ id, at: performance.now() });
          } catch {
            errors += 1;
            await sleep(50);
          }
      };
      const heard = vi.fn();
      onTestFinished(subscribe(heard));
      const writing = Array.from({ length: WRITERS }, (_, writer) => write(writer));
      await expect.poll(() => heard.mock.calls.length, PATIENCE).toBeGreaterThan(50);

      const before = acknowledged.length;
      const lostAt = performance.now();
      server().lose(how);
      await sleep(PROMOTED_AFTER_MS);
      await server().promote();
      await expect.poll(() => acknowledged.length, PATIENCE).toBeGreaterThan(before + 200);
      isOver = true;
      await Promise.all(writing);

      const times = acknowledged.map(({ at }) => at).filter((at) => at > lostAt);
      const gapMs = Math.max(...times.map((at, index) => at - (times[index - 1] ?? lostAt)));
      const stored = await db().contactList.findMany({ select: { id: true } });
      const kept = new Set(stored.map(({ id }) => id));
      const lost = acknowledged.filter(({ id }) => !kept.has(id));
      report(`a primary lost by ${how}`, {
        acknowledged: acknowledged.length,
        lost: lost.length,
        errors,
        "longest gap": `${Math.round(gapMs)} ms`,
      });
      expect(lost).toEqual([]);
      expect(gapMs).toBeLessThan(BACK_WITHIN_MS);
      // Either the change and its trace are there, or neither.
      expect(await db().auditEvent.count({ where: { objectKind: "contact_list" } })).toBe(
        kept.size,
      );

      await expect.poll(() => heard.mock.calls, PATIENCE).toContainEqual(["resync"]);
      await (await openDatabase(server.folder)).stop();
      const copying = await connect();
      onTestFinished(() => copying.end());
      expect(await readHeader(copying)).toMatchObject({ format: "postkey-backup" });
    },
    5 * MINUTE_MS,
  );
});

describe("with TLS", () => {
  const { folder } = withPostgresFolder();

  test("each host has to prove its own name", async () => {
    const server = await startPostgres(folder());
    onTestFinished(() => server.stop());
    const certificate = await giveCertificate(server.url);
    const url = new URL(server.url);
    url.search = `sslmode=verify-full&sslrootcert=${certificate}`;
    const clientOf = (hosts: string[]) => {
      const all = hosts.map((host) => `${host}:${url.port}`).join(",");
      const client = new DatabaseClient({ connectionString: url.href.replace(url.host, all) });
      client.on("error", () => {});
      onTestFinished(() => client.end());
      return client;
    };
    const client = clientOf(["127.0.0.1", "localhost"]);
    await client.connect();
    expect(client.host).toBe("localhost");
    const { rows } = await client.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
    expect(rows).toEqual([{ ssl: true }]);
    const misnamed = clientOf(["127.0.0.1", "127.0.0.1"]);
    await expect(misnamed.connect()).rejects.toMatchObject({
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
  });

  async function giveCertificate(url: string): Promise<string> {
    const { key, certificate } = makeCertificate(folder(), "localhost");
    const { uid, gid } = serverUser(folder());
    if (uid !== undefined && gid !== undefined) chownSync(key, uid, gid);
    for (const setting of [
      `ssl_key_file = '${key}'`,
      `ssl_cert_file = '${certificate}'`,
      "ssl = on",
    ])
      await queryOnce(url, `ALTER SYSTEM SET ${setting}`);
    await queryOnce(url, "SELECT pg_reload_conf()");
    return certificate;
  }
});
