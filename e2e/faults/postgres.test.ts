import { randomBytes, randomInt } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { forgetSingletons } from "@/lib/testing/database";
import { either, report } from "@/lib/testing/long";
import { startPostgres } from "@/scripts/embedded-postgres.mjs";
import { migrate } from "@/scripts/migrate.mjs";

const KILLS = either({ short: 4, long: 200 });
const folder = mkdtempSync(join(tmpdir(), "postkey-kills-"));
const ada = administrator();
const key = randomBytes(32).toString("base64");
let server: Awaited<ReturnType<typeof startPostgres>>;

beforeAll(async () => {
  // PostgreSQL does not run as root: its own user has to be able to enter.
  chmodSync(folder, 0o711);
  server = await startPostgres(folder);
  const client = new Client({ connectionString: server.url });
  await client.connect();
  await migrate(client, "prisma/migrations").finally(() => client.end());
  setEnvironment();
}, MINUTE_MS);

afterAll(async () => {
  await forget();
  await server.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
});

/** The code that reads the key also removes it from the environment. */
function setEnvironment(): void {
  process.env.DATABASE_URL = server.url;
  process.env.POSTKEY_KEY = key;
  forgetSingletons();
}

/** A server that starts again has another port: as processes find it that are started again too. */
async function forget(): Promise<void> {
  await db().$disconnect();
  await pool()
    .end()
    .catch(() => {});
  forgetSingletons();
}

/** The whole tree at once, as a machine that loses its power over its processes. */
function killAll(pid: number): void {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1");
  for (const each of [pid, ...children.split(" ").filter(Boolean).map(Number)]) kill(each);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}

const writers = Array.from({ length: 4 }, (_, index) => index);

test.runIf(process.platform === "linux")(
  `${KILLS} SIGKILLs of PostgreSQL lose nothing that was acknowledged`,
  async () => {
    const acknowledged: string[] = [];
    const startMs: number[] = [];
    for (let round = 0; round < KILLS; round += 1) {
      let isOver = false;
      const before = acknowledged.length;
      const writing = writers.map(async (writer) => {
        for (let count = 0; !isOver; count += 1) {
          const name = `${round} ${writer} ${count}`;
          const saved = await createContactList(ada, { name }).catch(() => null);
          if (saved) acknowledged.push(saved.id);
          else return;
        }
      });
      // However slow the machine is: a kill before the first write would prove nothing.
      await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(before + writers.length), {
        timeout: MINUTE_MS,
        interval: 5,
      });
      await sleep(randomInt(0, 400));
      killAll(server.pid);
      isOver = true;
      await Promise.all(writing);
      await forget();
      const begun = Date.now();
      server = await startPostgres(folder);
      startMs.push(Date.now() - begun);
      setEnvironment();
    }
    const kept = new Set(
      (await db().contactList.findMany({ select: { id: true } })).map(({ id }) => id),
    );
    expect(acknowledged.length).toBeGreaterThan(KILLS * 4);
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    // Either the change and its trace are there, or neither.
    expect(await db().auditEvent.count({ where: { objectKind: "contact_list" } })).toBe(kept.size);
    startMs.sort((one, other) => one - other);
    report("killed PostgreSQL", {
      kills: KILLS,
      acknowledged: acknowledged.length,
      lost: 0,
      "back within, median": `${startMs[Math.floor(KILLS / 2)]} ms`,
      "at the most": `${startMs.at(-1)} ms`,
    });
  },
  either({ short: 2 * MINUTE_MS, long: 60 * MINUTE_MS }),
);
