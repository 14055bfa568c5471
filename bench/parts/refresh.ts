import { setTimeout as sleep } from "node:timers/promises";
import { type Bench, freeAddress, type Site } from "../bench";
import { type Figure, figure, inWords } from "../figures";
import { cpuMs, inFull, memoryMb } from "../rounds";

const WORKING = inFull(10_000, 100);
const IDLE = inFull(90_000, 100);
const CAPS_LIFTED = { POSTKEY_REFRESH_AT_ONCE: "100", POSTKEY_REFRESH_PER_TENANT: "100" };

/** What a keeper renews in a second, among a hundred thousand sign-ins. */
export async function measureRefresh(bench: Bench): Promise<Figure[]> {
  const url = await freeAddress();
  const sandbox = await bench.sandbox(url);
  const extra = { ...sandbox.environment, ...CAPS_LIFTED };
  const site = await bench.install("refresh", { url, extra });
  await site.seed({ kind: "sign-ins", sandbox, working: WORKING, idle: IDLE });
  await site.query("ANALYZE");
  const keeper = site.keeper();
  await renew(site, inFull(2_000, 50)); // some, to warm up
  const before = cpuMs(keeper);
  const seconds = await renew(site, WORKING);
  const cpu = `CPU ${inWords((cpuMs(keeper) - before) / WORKING, "ms")} each`;
  return [
    figure("renewals, caps lifted, one keeper", WORKING / seconds, ">= 500 /s", cpu),
    figure(`${inWords(WORKING, "renewals")} due at once`, seconds, "<= 20 s"),
    figure("memory of the keeper at 100,000 sign-ins", memoryMb(keeper), "<= 200 MB"),
  ];
}

/** Makes so many due at once. @returns seconds until all of them are renewed */
async function renew({ query }: Site, count: number): Promise<number> {
  const [due] = await query<{ startedAt: string }>(
    `WITH due AS (
       UPDATE "TokenSet" SET "refreshDueAt" = now() WHERE "authorizationId" IN (
         SELECT t."authorizationId" FROM "TokenSet" t WHERE length(t."cacheSealed") > 1000 LIMIT $1)
       RETURNING 1)
     SELECT now()::text AS "startedAt" FROM due LIMIT 1`,
    [count],
  );
  const begun = performance.now();
  for (let done = 0; done < count; await sleep(50)) {
    if (performance.now() - begun > 120_000) throw new Error(`${done} of ${count} were renewed.`);
    const [found] = await query<{ done: number }>(
      `SELECT count(*)::int AS done FROM "TokenSet" WHERE "refreshedAt" > $1 AND state = 'connected'`,
      [due?.startedAt],
    );
    done = found?.done ?? 0;
  }
  return (performance.now() - begun) / 1_000;
}
