import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { report } from "@/lib/testing/long";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { seedAuthorizations } from "@/lib/testing/seed-authorizations";
import { withAccount } from "@/lib/testing/sign-in";
import { seedOf } from "@/lib/testing/tokens";
import { withPrograms } from "./programs";
import { proveEach } from "./proof";

const sandbox = withInstallation();
const programs = withPrograms("keeper");
const SIGN_INS = 3_000;
const KILLS = 400;
const account = withAccount(administrator(), sandbox);

test(
  `${KILLS} SIGKILLs of two keepers lose none of ${SIGN_INS} sign-ins, and none is renewed twice at once`,
  async () => {
    const many = { count: SIGN_INS, perProvider: 10, dueInMs: -MINUTE_MS };
    await seedAuthorizations(sandbox(), { ...many, ...(await seedOf(account)) });
    // Tokens that live a minute keep both keepers busy; a moment's delay shows what meets.
    sandbox().faults.set("short_token", { seconds: 60 });
    sandbox().faults.set("slow", { seconds: 0.02 });
    const env = { POSTKEY_REFRESH_AT_ONCE: "20", POSTKEY_REFRESH_PER_TENANT: "20" };
    const before = tokenRequests(sandbox(), "refresh_token");
    let kills = 0;
    const lane = async () => {
      while (kills < KILLS) {
        const victim = await programs.start("keeper", { env });
        await sleep(randomInt(50, 1_200));
        victim.child.kill("SIGKILL");
        kills += 1;
        await victim.ended;
      }
    };
    // What the dead held is due again after its lease; so that work never ends, it ends earlier here.
    const reviver = setInterval(() => void endOldLeases(), 2 * SECOND_MS);
    await Promise.all([lane(), lane()]).finally(() => clearInterval(reviver));
    const renewed = tokenRequests(sandbox(), "refresh_token") - before;
    const overlaps = tokenRequests(sandbox(), "overlap");
    report("killed keepers", { kills, "sign-ins": SIGN_INS, renewed, overlaps });
    expect(renewed).toBeGreaterThan(KILLS);
    expect(overlaps).toBe(0);
    expect(await db().tokenSet.count({ where: { state: "sign_in_again" } })).toBe(0);
    sandbox().faults.clearAll();
    await proveEach();
  },
  45 * MINUTE_MS,
);

/** Leases that outlived any call: a call takes 20 ms here, so two seconds are as good as sixty. */
async function endOldLeases(): Promise<void> {
  await pool().query(
    `UPDATE "TokenSet" SET "leaseUntil" = now(), "refreshDueAt" = now()
     WHERE "leaseUntil" BETWEEN now() AND now() + interval '57 seconds'`,
  );
}
