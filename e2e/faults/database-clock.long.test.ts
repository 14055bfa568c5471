import { existsSync, readdirSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { getAccessToken } from "@/lib/email-accounts/access-token";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { administrator, program } from "@/lib/testing/actors";
import { report } from "@/lib/testing/long";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";
import { startPostgres } from "@/scripts/embedded-postgres.mjs";
import { heldRows, lostSince } from "./held-rows";
import { withOwnPostgres } from "./own-postgres";
import { withPrograms } from "./programs";

/** Of the package `faketime`, which scripts/system-packages.mjs installs. */
const LIBRARY = libraryBelow("/usr/lib");
const REASON = LIBRARY ? "" : "(not run here: libfaketime is missing, apt-get install faketime)";

const sandbox = withInstallation();
const ada = administrator();
const motion = program("tokens:read");
/** So that each of the steps meets tokens that end soon. */
const TOKENS_LIVE_S = 10;

let clockFile: string;
let emailAccountId: string;
let contactListId: string;

function libraryBelow(root: string): string | undefined {
  if (process.platform !== "linux") return undefined;
  const files = readdirSync(root).map((each) => join(root, each, "faketime/libfaketime.so.1"));
  return files.find((file) => existsSync(file));
}

describe.skipIf(!LIBRARY)(`a database whose clock steps in mid-run ${REASON}`, () => {
  withOwnPostgres(startWithClock);
  const programs = withPrograms("keeper");
  beforeAll(async () => {
    shortenTokens();
    contactListId = (await createContactList(ada, { name: "Customers" })).id;
    ({ emailAccountId } = await connectedAccount(ada, sandbox(), { contactListId }));
    await programs.start("keeper", { stays: true });
  }, 2 * MINUTE_MS);
  // After each test the sandbox is itself again.
  beforeEach(shortenTokens);
  test.each([
    ["forward", 6],
    ["back", 0],
  ])(
    "six hours %s: no dead token is handed out, nothing is erased, everything moves within a minute",
    async (where, hours) => {
      await expect.poll(() => standingStill(0), { timeout: MINUTE_MS }).toEqual([]);
      const [before, asked] = [await heldRows(), tokenRequests(sandbox(), "refresh_token")];
      await setClock(hours);
      const steppedAt = performance.now();
      await expect.poll(hoursAhead, { timeout: 5_000 }).toBe(hours);
      const sender = `${where}@customer.test`;
      await send(sender);
      const stopAsking = keepAsking();
      const still = async () => [...(await standingStill(asked)), ...(await notSaved(sender))];
      await expect.poll(still, { timeout: MINUTE_MS, interval: 500 }).toEqual([]);
      const moved = performance.now() - steppedAt;
      // Tokens of before the step have run out by now.
      await new Promise((done) => setTimeout(done, Math.max(0, TOKENS_LIVE_S * SECOND_MS - moved)));
      expect(await stopAsking()).toMatchObject({ dead: 0 });
      expect(await lostSince(before)).toEqual([]);
      report(`a database whose clock steps six hours ${where}`, {
        "all moved after": `${(moved / SECOND_MS).toFixed(0)} s`,
      });
    },
    3 * MINUTE_MS,
  );
});

/** Wall time alone: what PostgreSQL measures and waits by is the monotonic clock, which no step moves. */
async function startWithClock(folder: string) {
  clockFile = join(folder, "clock");
  await setClock(0);
  const faked = {
    LD_PRELOAD: LIBRARY,
    FAKETIME_TIMESTAMP_FILE: clockFile,
    FAKETIME_NO_CACHE: "1",
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
  };
  Object.assign(process.env, faked);
  try {
    return await startPostgres(join(folder, "db"));
  } finally {
    for (const name of Object.keys(faked)) delete process.env[name];
  }
}

function shortenTokens(): void {
  sandbox().faults.set("short_token", { seconds: TOKENS_LIVE_S });
}

/** Atomically: every read of the clock reads the file, and half a file would be no time at all. */
async function setClock(hoursOff: number): Promise<void> {
  await writeFile(`${clockFile}.new`, `+${hoursOff}h\n`);
  await rename(`${clockFile}.new`, clockFile);
}

async function hoursAhead(): Promise<number> {
  const { rows } = await pool().query<{ now: Date }>("SELECT clock_timestamp() AS now");
  return Math.round(((rows[0]?.now.getTime() ?? 0) - Date.now()) / HOUR_MS);
}

/** What does not go on by the clock that the database has now. */
async function standingStill(askedBefore: number): Promise<string[]> {
  const { rows } = await pool().query<Record<string, boolean>>(`SELECT
    EXISTS (SELECT FROM "KeeperHeartbeat" WHERE "beatAt" BETWEEN now() - interval '10 s'
      AND now() + interval '1 s') AS heartbeat,
    (SELECT "refreshedAt" BETWEEN now() - interval '1 min' AND now() + interval '1 s'
      AND state = 'connected' AND "accessTokenExpiresAt" < now() + interval '1 min'
      FROM "TokenSet") AS renewal,
    (SELECT "followingSince" IS NOT NULL FROM "CaptureState") AS capture`);
  const still = Object.entries(rows[0] ?? {}).filter(([, isMoving]) => !isMoving);
  const hasAsked = tokenRequests(sandbox(), "refresh_token") > askedBefore;
  return [...still.map(([what]) => what), ...(hasAsked || askedBefore === 0 ? [] : ["platform"])];
}

async function send(from: string): Promise<void> {
  const body = new URLSearchParams({ from, to: ALICE, subject: "x", text: "Hello!" });
  const url = new URL("messages", sandbox().controlUrl);
  expect((await fetch(url, { method: "POST", body, redirect: "manual" })).status).toBeLessThan(400);
}

const notSaved = async (email: string) =>
  (await db().contact.count({ where: { email, contactListId } })) > 0 ? [] : ["new sender"];

/** Asks for the token all the time, and looks when it ends by its own word and the true time. */
function keepAsking(): () => Promise<{ dead: number; asked: number }> {
  const counts = { dead: 0, asked: 0 };
  let isAsking = true;
  const asking = (async () => {
    while (isAsking) {
      const { accessToken } = await getAccessToken(motion, emailAccountId, "hand_out");
      counts.asked += 1;
      if (endOf(accessToken) <= Date.now()) counts.dead += 1;
      await new Promise((done) => setTimeout(done, 100));
    }
  })();
  return async () => {
    isAsking = false;
    await asking;
    return counts;
  };
}

function endOf(accessToken: string): number {
  const [, claims = ""] = accessToken.split(".");
  return JSON.parse(Buffer.from(claims, "base64url").toString()).exp * SECOND_MS;
}
