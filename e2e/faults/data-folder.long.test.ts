import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, expect, test } from "vitest";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { folderOfFile } from "@/lib/testing/folder";
import { report } from "@/lib/testing/long";
import { startPostgres } from "@/scripts/embedded-postgres.mjs";

const FIGHTS = 50;
const UNSHARE = ["--pid", "--fork", "--mount-proc", "--kill-child"];
/** A container of its own needs root; without it these tests are skipped, and said so. */
const hasNamespaces = spawnSync("unshare", [...UNSHARE, "true"]).status === 0;
const PATIENCE = { timeout: MINUTE_MS, interval: 10 };

const root = folderOfFile();
const dataFolder = join(root, "data");
const children: ChildProcess[] = [];

beforeAll(async () => {
  // PostgreSQL does not run as root: its own user has to be able to enter.
  chmodSync(root, 0o711);
  mkdirSync(dataFolder, { mode: 0o711 });
  await (await startPostgres(join(dataFolder, "db"))).stop();
}, MINUTE_MS);

afterEach(() => Promise.all(children.splice(0).map(end)));

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

type Where = "here" | "in another container";
type Program = { child: ChildProcess; lines: string[]; ended: Promise<unknown> };

/** A Node.js process; in another container it sees none of our processes, and we none of its own. */
function start(where: Where): Program {
  const command = [process.execPath, "--input-type=module", "-e", WRITER];
  const [file = "", ...rest] = where === "here" ? command : ["unshare", ...UNSHARE, ...command];
  const { DATABASE_URL: _, ...env } = process.env;
  const child = spawn(file, rest, {
    env: { ...env, POSTKEY_DATA: dataFolder, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => lines.push(line));
  return { child, lines, ended: once(child, "close") };
}

/** Writes what the database acknowledged, until it is killed. */
const WRITER = `
  import pg from "pg";
  import { startPostgres } from "./scripts/embedded-postgres.mjs";
  try {
    const server = await startPostgres(process.env.POSTKEY_DATA + "/db");
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query("CREATE TABLE IF NOT EXISTS kept (id bigserial PRIMARY KEY)");
    const { rows } = await client.query("SELECT id FROM kept");
    console.log("found " + rows.map(({ id }) => id).join(" "));
    for (;;) {
      const { rows } = await client.query("INSERT INTO kept DEFAULT VALUES RETURNING id");
      console.log("acknowledged " + rows[0].id);
    }
  } catch (error) {
    console.log("refused: " + error.message);
    process.exit(1);
  }`;

const idsAfter = (word: string, lines: readonly string[]) =>
  lines.filter((line) => line.startsWith(word)).flatMap((line) => line.split(" ").slice(1));
const isRefused = ({ lines }: Program) => lines.some((line) => line.startsWith("refused"));
const hasStarted = (lines: readonly string[]) => lines.some((line) => line.startsWith("found"));
const hasWritten = ({ lines }: Program) => lines.some((line) => line.startsWith("acknowledged"));

/** Two at once; in every second fight, one more comes while the winner is killed. */
async function fight(isLate: boolean): Promise<Program[]> {
  const pair = [start("in another container"), start("in another container")];
  const outcomes = () => [pair.filter(isRefused).length, pair.filter(hasWritten).length];
  await expect.poll(outcomes, PATIENCE).toEqual([1, 1]);
  expect(pair.find(isRefused)?.lines).toEqual([
    expect.stringMatching(/^refused: The database in .* is in use by a server outside/),
  ]);
  const late = isLate ? [start("in another container")] : [];
  await sleep(Math.random() * 300);
  await kill(pair);
  const isDecided = (each: Program) => isRefused(each) || hasWritten(each);
  await expect.poll(() => late.every(isDecided), PATIENCE).toBe(true);
  await kill(late);
  return [...pair.filter(hasWritten), ...late];
}

async function kill(programs: readonly Program[]): Promise<void> {
  await Promise.all(programs.map(({ child }) => end(child)));
  await Promise.all(programs.map(({ ended }) => ended));
}

/** Fails when one who won did not find what was acknowledged before. */
function note(acknowledged: Set<string>, { lines }: Program): void {
  const found = new Set(idsAfter("found", lines));
  if (hasStarted(lines)) expect([...acknowledged].filter((id) => !found.has(id))).toEqual([]);
  for (const id of idsAfter("acknowledged", lines)) acknowledged.add(id);
}

test.runIf(hasNamespaces)(
  `a database that starters in two containers fight for is served by one, and loses nothing in ${FIGHTS} fights`,
  async () => {
    const acknowledged = new Set<string>();
    for (let round = 0; round < FIGHTS; round += 1)
      for (const each of await fight(round % 2 === 1)) note(acknowledged, each);
    const last = start("here");
    await expect.poll(() => hasWritten(last), PATIENCE).toBe(true);
    note(acknowledged, last);
    report("fights for a folder", { fights: FIGHTS, acknowledged: acknowledged.size, lost: 0 });
  },
  30 * MINUTE_MS,
);
