import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { verifyAudit } from "@/lib/audit/verify";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { withKey } from "@/lib/testing/api";
import { report } from "@/lib/testing/long";
import { seedProvider } from "@/lib/testing/outage";
import { keepPostgres } from "@/scripts/embedded-postgres.mjs";
import { statements } from "./activity";
import { signal, treeOf, withOwnPostgres } from "./own-postgres";
import { end, type Running, withPrograms } from "./programs";

const ACCOUNTS = 10_000;
const KILLS = 5;
const TEST_MS = 15 * MINUTE_MS;
const PATIENCE = { timeout: MINUTE_MS, interval: 50 };

// It is killed as well.
withOwnPostgres(keepPostgres);
const programs = withPrograms("gateway");
const apiKey = withKey("accounts:read", "accounts:write");

beforeEach(async () => {
  await db().emailAccount.deleteMany();
  await seedProvider({ accounts: ACCOUNTS });
}, MINUTE_MS);

type Answer = { status: number; changed?: number; unchanged?: number };

/** @returns null where no answer came */
async function ask({ port }: Running, path: string, body: object): Promise<Answer | null> {
  const headers = { authorization: `Bearer ${apiKey()}`, "content-type": "application/json" };
  const selection = { accounts: "all" };
  try {
    const response = await fetch(`http://127.0.0.1:${port}/api/emailAccounts/${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify({ selection, ...body }),
    });
    return { status: response.status, ...(await response.json()) };
  } catch {
    return null;
  }
}

const setActive = (gateway: Running, to: boolean) =>
  ask(gateway, "changes", { change: { set: "active", to } });

/** A little after a stage of the change has begun, so that all of it is met. */
async function reach(stage: RegExp, isOver: () => boolean): Promise<void> {
  while (!isOver() && !(await statements()).some((query) => stage.test(query))) await sleep(2);
  await sleep(Math.random() * 100);
}

/** What a backend of a process that is gone was doing, it does to its end. */
const settled = () => expect.poll(() => statements(), PATIENCE).toEqual([]);

/** Each change of an account has its event, and the chain of events is whole. */
async function expectTrail(): Promise<void> {
  const wrong = await db().$queryRaw`SELECT e.name, e.version, a.events FROM "EmailAccount" e
    LEFT JOIN (SELECT "objectId", count(*)::int AS events FROM "AuditEvent"
      WHERE action IN ('email_account.activate', 'email_account.deactivate') GROUP BY 1) a
      ON a."objectId" = e.id::text WHERE e.version - 1 <> coalesce(a.events, 0) LIMIT 5`;
  expect(wrong).toEqual([]);
  expect(await verifyAudit()).toMatchObject({ isIntact: true });
}

const inactive = () => db().emailAccount.count({ where: { active: false } });

/** The whole tree at once, as a machine that loses its power over its processes. */
async function killDatabase(): Promise<void> {
  const [{ pid } = { pid: 0 }] = await db().$queryRaw<{ pid: number }[]>`
    SELECT pg_backend_pid() AS pid`;
  const postmaster = Number(
    /PPid:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1],
  );
  signal(treeOf(postmaster), "SIGKILL");
}

/** Lets something happen in the middle of a change. @returns what came of it */
async function inTheMiddle(asking: Promise<Answer | null>, stage: RegExp, fault: () => unknown) {
  let isOver = false;
  const answer = asking.finally(() => {
    isOver = true;
  });
  await reach(stage, () => isOver);
  const wasMet = !isOver;
  await fault();
  return { answer: await answer, wasMet };
}

const active = () => db().emailAccount.count({ where: { active: true } });
const deleted = () => db().auditEvent.count({ where: { action: "email_account.delete" } });

type Kind = {
  stages: readonly RegExp[];
  work: (gateway: Running, round: number) => Promise<Answer | null>;
  /** How many it has reached. */
  done: (round: number) => Promise<number>;
};

/** By which statements one sees how far it is: it locks, writes, and is recorded. */
const KINDS: Readonly<Record<string, Kind>> = {
  changed: {
    stages: [/UPDATE "EmailAccount"/, /"AuditEvent"/, /FOR UPDATE OF e/],
    work: (gateway, round) => setActive(gateway, round % 2 === 1),
    done: (round) => (round % 2 === 1 ? active() : inactive()),
  },
  deleted: {
    stages: [/DELETE FROM "EmailAccount"/, /"AuditEvent"/],
    work: (gateway) => ask(gateway, "deletions", {}),
    done: async (round) => (await deleted()) - round * ACCOUNTS,
  },
};

describe.runIf(process.platform === "linux")(`of ${ACCOUNTS} accounts`, () => {
  test.each(Object.entries(KINDS))(
    "all or none are %s when the program is killed, and asking again completes it",
    async (what, { stages, work, done }) => {
      const met: boolean[] = [];
      for (let round = 0; round < KILLS; round += 1) {
        if ((await db().emailAccount.count()) === 0) await seedProvider({ accounts: ACCOUNTS });
        const gateway = await programs.start("gateway");
        const stage = stages[round % stages.length] ?? /./;
        const kill = () => end(gateway.child);
        const { answer, wasMet } = await inTheMiddle(work(gateway, round), stage, kill);
        await settled();
        met.push(wasMet && answer === null);
        expect([0, ACCOUNTS]).toContain(await done(round));
        await expectTrail();
        await work(await programs.start("gateway"), round);
        expect(await done(round)).toBe(ACCOUNTS);
        await expectTrail();
      }
      const figures = { accounts: ACCOUNTS, kills: KILLS, met: met.filter(Boolean).length };
      report(`accounts ${what}, killed`, figures);
      expect(met).toContain(true);
    },
    TEST_MS,
  );

  test(
    "none is changed when PostgreSQL is killed in the middle, and the same program completes it afterwards",
    async () => {
      const gateway = await programs.start("gateway");
      const stage = /UPDATE "EmailAccount"/;
      const { answer, wasMet } = await inTheMiddle(setActive(gateway, false), stage, killDatabase);
      expect(wasMet).toBe(true);
      expect(answer?.status).toBe(503);
      await expect.poll(() => inactive().catch(() => -1), PATIENCE).toBe(0);
      await expectTrail();
      expect(await setActive(gateway, false)).toMatchObject({ changed: ACCOUNTS });
      expect(await inactive()).toBe(ACCOUNTS);
      await expectTrail();
    },
    TEST_MS,
  );
});
