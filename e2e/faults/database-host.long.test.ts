import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, expect, test } from "vitest";
import { verifyAudit } from "@/lib/audit/verify";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { translateDatabaseError } from "@/lib/kernel/database-errors";
import { db, pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { inAnotherProcess } from "@/lib/testing/database";
import { keepPostgres } from "@/scripts/embedded-postgres.mjs";
import { withOwnPostgres } from "./own-postgres";

const MEBIBYTE = 1024 * 1024;
const PATIENCE = { timeout: 30_000, interval: 20 };
const ada = administrator();
const lines: string[] = [];
const acknowledged: string[] = [];
let isMounted = false;

const server = withOwnPostgres(async (folder) => {
  // A file system of its own, small enough to be filled: it takes the right to mount one.
  const disk = join(folder, "disk");
  mkdirSync(disk, { mode: 0o711 });
  isMounted = succeeds("mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", disk);
  const kept = await keepPostgres(join(disk, "db"), { onLine: (line) => lines.push(line) });
  const stop = async () => {
    await kept.stop();
    if (isMounted) spawnSync("umount", [disk]);
  };
  return { ...kept, stop };
});
const filler = join(server.folder, "disk", "filler");

function succeeds(command: string, ...args: string[]): boolean {
  return process.platform === "linux" && spawnSync(command, args).status === 0;
}

afterEach(async () => {
  rmSync(filler, { force: true });
  await savedAtLast("afterwards");
  const kept = await db().contactList.findMany({ select: { id: true } });
  const ids = new Set(kept.map(({ id }) => id));
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
  expect(await verifyAudit()).toMatchObject({ isIntact: true });
  lines.length = 0;
}, MINUTE_MS);

async function connect(): Promise<Client> {
  const client = new Client({ connectionString: server().url });
  client.on("error", () => {}); // the query that waits for it fails
  await client.connect();
  return client;
}

async function save(name: string): Promise<void> {
  const { id } = await createContactList(ada, {
    name: `${name} ${randomBytes(100).toString("hex")}`,
  });
  acknowledged.push(id);
}

const savedAtLast = (name: string) =>
  expect.poll(() => errorOf(save(name)), PATIENCE).toBeUndefined();
const errorOf = (work: Promise<unknown>) => work.then(() => undefined, translateDatabaseError);
const FULL = { code: "temporarily_unavailable", message: expect.stringContaining("disk") };

test("a full disk refuses what it cannot store and says so, answers reads, and takes writes once there is room", async ({
  skip,
}) => {
  skip(!isMounted, "No file system can be mounted here.");
  await save("before");
  fill();
  expect(await untilRefused()).toMatchObject(FULL);
  for (let again = 0; again < 5; again += 1) {
    expect(await untilRefused()).toMatchObject(FULL);
    expect(await db().contactList.count()).toBe(acknowledged.length);
  }
  rmSync(filler);
  await save("the next one");
  // Neither PostgreSQL nor a connection had to be made again.
  expect(lines).toEqual([]);
});

test("a server without a connection left is said to be away, and is used again when there is one", async () => {
  const others: Client[] = [];
  const takeAll = async () => {
    for (;;) others.push(await connect());
  };
  expect(await errorOf(takeAll())).toMatchObject({ code: "temporarily_unavailable" });
  await inAnotherProcess({}, async () => {
    for (const work of [() => pool().query("SELECT 1"), () => save("x")])
      expect(await errorOf(work())).toMatchObject({ code: "temporarily_unavailable" });
    await Promise.all(others.map((each) => each.end()));
    await savedAtLast("after");
    expect(pool().waitingCount).toBe(0);
  });
});

function fill(): void {
  const file = openSync(filler, "a");
  for (let size = MEBIBYTE; size >= 512; )
    try {
      writeSync(file, Buffer.alloc(size));
    } catch {
      size /= 2;
    }
  closeSync(file);
  expect(statfsSync(join(server.folder, "disk")).bavail).toBe(0);
}

/** Writes until one is refused: what has room is stored. */
async function untilRefused(): Promise<unknown> {
  for (;;) {
    const error = await errorOf(save("full"));
    if (error) return error;
  }
}
