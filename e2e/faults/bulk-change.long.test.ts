import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { verifyAudit } from "@/lib/audit/verify";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { keyFor } from "@/lib/testing/api";
import { report } from "@/lib/testing/long";
import { seedProvider } from "@/lib/testing/outage";
import { keepPostgres } from "@/scripts/embedded-postgres.mjs";
import { signal, treeOf, withOwnPostgres } from "./own-postgres";
import { end, type Running, withPrograms } from "./programs";

const ACCOUNTS = 10_000;
const KILLS = 5;
const DELETIONS = 5;
const TEST_MS = 15 * MINUTE_MS;
const PATIENCE = { timeout: MINUTE_MS, interval: 50 };

// It is killed as well.
withOwnPostgres(keepPostgres);
const programs = withPrograms("gateway");
let apiKey: string;

beforeAll(async () => {
  apiKey = await keyFor(["accounts:read", "accounts:write"]);
});

beforeEach(async () => {
  await db().emailAccount.deleteMany();
  await seedProvider({ accounts: ACCOUNTS });
}, MINUTE_MS);

type Answer = { status: number; changed?: number; unchanged?: number };

/** @returns null where no answer came */
async function ask({ port }: Running, path: string, body: object): Promise<Answer | null> {
  const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
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

/** The statements of gateways that are under way; ours asks for them. */
async function statements(): Promise<string[]> {
  const rows = await db().$queryRaw<{ query: string }[]>`SELECT query FROM pg_stat_activity
    WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()`;
  return rows.map(({ query }) => query);
}

/** By which statements one sees how far a change is: it locks, writes, and is recorded. */
const STAGES = [/UPDATE "EmailAccount"/, /"AuditEvent"/, /FOR UPDATE OF e/];
const DELETION_STAGES = [/DELETE FROM "EmailAccount"/, /"AuditEvent"/];

const at = (stages: readonly RegExp[], round: number) => stages[round % stages.length] ?? /./;
const count = (met: readonly boolean[]) => met.filter(Boolean).length;

/** A little after a stage of the change has begun, so that all of it is met. */
async function reach(stage: RegExp, isOver: () => boolean): Promise<void> {
  while (!isOver() && !(await statements()).some((query) => stage.test(query))) await sleep(2);
  await sleep(Math.random() * 100);
}

/** What a backend of a process that is gone was doing, it does to its end. */
const settled = () => expect.poll(statements, PATIENCE).toEqual([]);

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
const deleted = () => db().auditEvent.count({ where: { action: "email_account.delete" } });

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

type Kind = {
  kills: number;
  stages: readonly RegExp[];
  prepare: (round: number) => Promise<unknown>;
  work: (gateway: Running, round: number) => Promise<Answer | null>;
  /** How many it has reached, and how many events tell of it. */
  done: (round: number) => Promise<number>;
  /** What is heard where all were reached already. */
  again: object;
};

const KINDS: Readonly<Record<string, Kind>> = {
  changed: {
    kills: KILLS,
    stages: STAGES,
    prepare: async () => {},
    work: (gateway, round) => setActive(gateway, round % 2 === 1),
    done: async (round) => (round % 2 === 1 ? ACCOUNTS - (await inactive()) : inactive()),
    again: { changed: 0, unchanged: ACCOUNTS },
  },
  deleted: {
    kills: DELETIONS,
    stages: DELETION_STAGES,
    prepare: async (round) => round > 0 && seedProvider({ accounts: ACCOUNTS }),
    work: (gateway) => ask(gateway, "deletions", {}),
    done: async (round) => {
      const events = (await deleted()) - round * ACCOUNTS;
      expect(await db().emailAccount.count()).toBe(ACCOUNTS - events);
      return events;
    },
    again: { status: 422 },
  },
};

describe.runIf(process.platform === "linux")(`of ${ACCOUNTS} accounts`, () => {
  test.each(Object.entries(KINDS))(
    "all or none are %s when the program is killed, and asking again completes it",
    async (what, { kills, stages, prepare, work, done, again }) => {
      const met: boolean[] = [];
      for (let round = 0; round < kills; round += 1) {
        await prepare(round);
        const gateway = await programs.start("gateway");
        const asking = work(gateway, round);
        const { answer, wasMet } = await inTheMiddle(asking, at(stages, round), () =>
          end(gateway.child),
        );
        await settled();
        met.push(wasMet && answer === null);
        const reached = await done(round);
        expect([0, ACCOUNTS]).toContain(reached);
        await expectTrail();
        const expected = reached === ACCOUNTS ? again : { changed: ACCOUNTS };
        expect(await work(await programs.start("gateway"), round)).toMatchObject(expected);
        expect(await done(round)).toBe(ACCOUNTS);
        await expectTrail();
      }
      report(`accounts ${what}, killed`, { accounts: ACCOUNTS, kills, met: count(met) });
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
