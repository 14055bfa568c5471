import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { keepPostgres } from "./embedded-postgres.mjs";
import { clientOf, givenDatabase, requireSessions } from "./given-database.mjs";
import { migrate } from "./migrate.mjs";
import { runToEnd } from "./run-to-end.mjs";

/** Node resolves `server-only` to nothing under this condition, as Next.js does on its server. */
const SERVER = "--conditions=react-server";

/**
 * The database of an installation: the operator's, or the embedded one in the data folder, which is
 * started again when it dies.
 * @param {string} dataFolder
 * @param {(line: string) => void} [onLine]
 * @returns {Promise<{ url: string, stop(): Promise<void> }>}
 */
export async function openDatabase(dataFolder, onLine = () => {}) {
  const given = givenDatabase();
  const server = given
    ? { url: given, stop: async () => {} }
    : await keepPostgres(join(dataFolder, "db"), { onLine });
  const client = clientOf(server.url);
  try {
    if (given) await requireSessions(given);
    await client.connect();
    // Limits of the operator's role are for the pool.
    await client.query("SET statement_timeout = 0; SET lock_timeout = 0");
    await migrate(client, "prisma/migrations");
    return server;
  } catch (error) {
    await server.stop();
    const name = given ? "DATABASE_URL: the database" : "The embedded database";
    throw new Error(`${name} cannot be used (${error.message}).`, { cause: error });
  } finally {
    await client.end().catch(() => {});
  }
}

/** The environment of every process of the product. */
export function productEnvironment(options) {
  const { dataFolder, databaseUrl, url = "http://localhost:3000", extra = {} } = options;
  // Keepers on several hosts may share a database, but not this folder: the operator says where all of them find it.
  const ownArchive = givenDatabase() ? "" : join(dataFolder, "audit");
  const archive = process.env.POSTKEY_AUDIT_ARCHIVE || ownArchive;
  return {
    ...process.env,
    ...extra,
    // A development server that took itself for another would write its own folders into tsconfig.json.
    NODE_ENV: extra.NODE_ENV ?? process.env.NODE_ENV ?? "production",
    DATABASE_URL: databaseUrl,
    POSTKEY_URL: url,
    NEXTAUTH_URL: url,
    NEXT_TELEMETRY_DISABLED: "1",
    // Each thread of the C library's allocator keeps what it once had: 30 MB of a keeper.
    MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX ?? "2",
    POSTKEY_START_ID: randomUUID(),
    ...(hasOwnKey() ? {} : { POSTKEY_KEY_FILE: resolve(dataFolder, "key") }),
    ...(archive && { POSTKEY_AUDIT_ARCHIVE: resolve(archive) }),
  };
}

/** Whether the operator gives the key; otherwise it is made at the first start, in the data folder. */
export function hasOwnKey() {
  return Boolean(process.env.POSTKEY_KEY || process.env.POSTKEY_KEY_FILE);
}

/**
 * Checks the key, and makes sure that someone can sign in; with `--check` it only refuses a wrong configuration.
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} flags
 * @returns {Promise<{ setupToken: string | null, lock: string | null }>}
 */
export async function bootstrap(env, ...flags) {
  const own = hasOwnKey() ? [] : ["--make-key"];
  const command = [process.execPath, SERVER, ".build/bootstrap.mjs", ...flags, ...own];
  const { code, out, problem } = await runToEnd(command, { env });
  if (code !== 0) throw new Error(problem.trim());
  return JSON.parse(out);
}

const NEXT = "node_modules/next/dist/bin/next";
const heap = (old, young) => [`--max-old-space-size=${old}`, `--max-semi-space-size=${young}`];

/** What starts each process, for Processes. */
export const commands = {
  // Without source maps: Node would hold those of every page in memory, 130 MB of them.
  web: ({ host, port }) => [".build/web.mjs", host, `${port}`],
  webDevelopment: ({ host, port }) => [NEXT, "dev", "-H", host, "-p", `${port}`],
  // The same. With room for what a request leaves behind a collection finds next to nothing to keep, which a fifth
  // of a gateway's time goes into otherwise. Bytes of devices press for a collection all the time: helper threads
  // cost more than they save then, and without devices tokens are 15 % slower without them. 5,000 sessions of
  // devices keep 25 KiB each: a heap that they fill would end the process, and every session with it.
  gateway: ({ host, port, env }) => [
    ...[SERVER, ...heap(384, 32)],
    ...(env.POSTKEY_DEVICE_LISTENERS ? ["--single-threaded-gc"] : []),
    ...[".build/gateway.mjs", host, `${port}`],
  ],
  // Node grows its heap as far as the machine allows before it looks for what is not used any more. Without
  // source maps either: those of the packages are 15 MB.
  keeper: () => [SERVER, ...heap(192, 8), ".build/keeper.mjs"],
  sandbox: () => ["--enable-source-maps", ".build/sandbox.mjs"],
};

const START_ID = "x-postkey-start";
const LOOPBACK = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/**
 * Until a web or a gateway answers that it can serve: this very child, by the id in its environment that no
 * other installation has, which may answer on the same port.
 * @param {{ child: import("node:child_process").ChildProcess, env: NodeJS.ProcessEnv, host: string,
 *   port: number, name?: "web" | "gateway", deadlineMs?: number }} server
 * @throws when it ends before, with what it said
 */
export async function waitUntilServing(server) {
  const { child, env, name = "web", deadlineMs = 60_000 } = server;
  const url = `${localOrigin(server)}/api/health`;
  // A connection that is kept would hold up a stop.
  const headers = { [START_ID]: env.POSTKEY_START_ID, connection: "close" };
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said = `${said}${chunk}`.slice(-4_096);
  });
  const deadline = performance.now() + deadlineMs;
  for (; performance.now() < deadline; await sleep(100)) {
    const ended = child.exitCode ?? child.signalCode;
    if (ended !== null) {
      const problem = said.match(/^.*Error: .*$/m)?.[0] ?? said.trim().split("\n").at(-1);
      throw new Error(`The ${name} ended (${ended}). ${problem}`.trim());
    }
    const signal = AbortSignal.timeout(5_000);
    const response = await fetch(url, { headers, signal }).catch(() => null);
    await response?.body?.cancel();
    if (response?.ok && response.headers.get(START_ID) === env.POSTKEY_START_ID) return;
  }
  throw new Error(`The ${name} did not answer within ${deadlineMs / 1000} s.`);
}

/** Where a server is asked on this machine. */
export function localOrigin({ host, port }) {
  const address = LOOPBACK[host] ?? host;
  return `http://${address.includes(":") ? `[${address}]` : address}:${port}`;
}

/**
 * Where each identity platform sends browsers back to: the sandbox refuses any other address. It can't load the
 * services (lib/oauth/registry.ts) here; e2e/house/callback-paths.test.ts compares.
 */
export const CALLBACK_PATHS = [
  "/api/cloudProviders/oauth2/microsoft/callback",
  "/api/cloudProviders/oauth2/google/callback",
];

/** The sandbox of an installation at this address, with the environment that makes the product use it. */
export async function startSandbox({ processes, dataFolder, url }) {
  const env = {
    ...process.env,
    SANDBOX_STATE_DIR: join(dataFolder, "sandbox"),
    SANDBOX_REDIRECT_URIS: CALLBACK_PATHS.map((path) => `${url}${path}`).join(","),
  };
  const ready = await readyLine(
    processes.start({ name: "sandbox", args: commands.sandbox(), env }),
  );
  const { imap, smtp, pop3 } = ready.passwordMail;
  const environment = {
    POSTKEY_CLOUDS_FILE: ready.cloudFile,
    POSTKEY_CA_FILE: ready.caFile,
    // Its password-only servers stand on this machine, on ports of their own.
    POSTKEY_PRIVATE_HOSTS: imap.host,
    POSTKEY_MAIL_PORTS: [imap, smtp, pop3].map(({ port }) => port).join(","),
  };
  return { ...ready, environment };
}

function readyLine(child) {
  return new Promise((done, fail) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith('{"ready":true')) done(JSON.parse(line));
    });
    child.once("exit", (code) => fail(new Error(`The sandbox ended (${code}).`)));
  });
}

/** For commands that are run without the environment of the start: their links lead where people sign in. */
export function rememberAddress(dataFolder, url) {
  writeFileSync(join(dataFolder, "address"), `${url}\n`);
}

/** The address that POSTKEY_URL names, or else that of the last start, if there was one. */
export function findAddress(dataFolder) {
  const file = join(dataFolder, "address");
  if (process.env.POSTKEY_URL || !existsSync(file)) return process.env.POSTKEY_URL;
  return readFileSync(file, "utf8").trim();
}
