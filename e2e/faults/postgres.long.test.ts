import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { report } from "@/lib/testing/long";
import { startPostgres } from "@/scripts/embedded-postgres.mjs";
import { signal, treeOf, withOwnPostgres } from "./own-postgres";

const KILLS = 200;
const server = withOwnPostgres(startPostgres);
const ada = administrator();
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
      await expect
        .poll(() => acknowledged.length, { timeout: MINUTE_MS, interval: 5 })
        .toBeGreaterThan(before + writers.length);
      await sleep(randomInt(0, 400));
      // As a machine that loses its power over its processes.
      signal(treeOf(server().pid), "SIGKILL");
      isOver = true;
      await Promise.all(writing);
      const begun = Date.now();
      await server.startAgain();
      startMs.push(Date.now() - begun);
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
  60 * MINUTE_MS,
);
