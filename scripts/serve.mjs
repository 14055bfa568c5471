import { mkdirSync } from "node:fs";
import { emptyFolder, ownFolder } from "./folder-users.mjs";
import { givenDatabase } from "./given-database.mjs";
import { keepSign } from "./health.mjs";
import {
  bootstrap,
  commands,
  hasOwnKey,
  localOrigin,
  openDatabase,
  productEnvironment,
  rememberAddress,
  startSandbox,
  waitUntilServing,
} from "./installation.mjs";
import { deviceAddresses, requireFreePorts } from "./ports.mjs";
import { Processes } from "./processes.mjs";
import { printLine, step } from "./terminal.mjs";

/**
 * Brings an installation up: database, migrations, build, processes. If a later part fails, the parts
 * already started are stopped. Nothing is written until it is certain that no other process runs it.
 *
 * @typedef {"web" | "gateway" | "keeper"} Name
 * @param {{ dataFolder: string, url: string, host: string, port: number, apiPort?: number,
 *   mode: "production" | "development", sandbox?: boolean, reset?: boolean, only?: Name,
 *   build?: (() => Promise<void>) | undefined,
 *   stopping?: AbortSignal, environment?: () => NodeJS.ProcessEnv | Promise<NodeJS.ProcessEnv>,
 *   onLine?: (name: string, line: string, from?: { isError: boolean }) => void,
 *   onHopeless?: (code: number) => void }} options
 *   `apiPort` is the gateway's: by default POSTKEY_API_PORT, and none without it. `only` is the one process to start
 *   where others run the rest: database and key are the operator's then. `build` makes what is started, where it is
 *   out of date. `environment` may keep what it makes in the data folder; it is asked once that is owned. When
 *   `stopping` says so, no other part is started
 */
export async function serve(options) {
  const { dataFolder, url, sandbox, reset, stopping, only, onLine = printLine } = options;
  const closers = [];
  const part = (title, work) => {
    stopping?.throwIfAborted();
    return step(title, work);
  };
  const stop = async () => {
    for (const close of closers.reverse()) await close();
  };
  try {
    const servers = serversOf(options);
    closers.push(await takeFolder(options));
    await requireFreePorts(servers.flatMap(({ addresses }) => addresses));
    stopping?.throwIfAborted();
    if (reset) emptyFolder(dataFolder);
    if (options.build) await part("Building", options.build);
    const environment = (databaseUrl, extra) =>
      productEnvironment({ dataFolder, databaseUrl, url, extra });
    await bootstrap(environment(givenDatabase() || "postgresql://embedded"), "--check");
    const database = await part("Starting the database", () =>
      openDatabase(dataFolder, (line) => onLine("database", line)),
    );
    closers.push(() => database.stop());
    const processes = new Processes({ onLine, onHopeless: options.onHopeless });
    closers.push(() => processes.stop());
    stopping?.addEventListener("abort", () => void processes.stop());
    const box = sandbox
      ? await part("Starting the sandbox", () => startSandbox({ processes, dataFolder, url }))
      : undefined;
    const extra = { ...box?.environment, ...(await options.environment?.()) };
    const env = environment(database.url, extra);
    // A link for the first administrator voids the one before: the web alone prints it.
    const isPrinted = !only || only === "web";
    const prepared = isPrinted ? await part("Checking the key", () => bootstrap(env)) : undefined;
    if (!only) rememberAddress(dataFolder, url);
    await start({ ...options, processes, servers, env, part });
    closers.push(keepSign(processes, servers.map(localOrigin)));
    const gateway = servers.find(({ name }) => name === "gateway");
    const apiUrl = gateway ? `${localOrigin(gateway)}/api` : null;
    const pidOf = (name) => processes.pidOf(name);
    return { stop, ...prepared, apiUrl, sandbox: box, env, pidOf };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start({ only, mode, processes, servers, env, part }) {
  const started = !only || only === "keeper" ? [...servers, { name: "keeper" }] : servers;
  const names = new Intl.ListFormat("en-GB").format(started.map(({ name }) => name));
  const web = mode === "development" ? commands.webDevelopment : commands.web;
  const command = { ...commands, web };
  await part(`Starting ${names}`, async () => {
    const waiting = started.map(({ name, ...at }) => {
      const child = processes.start({ name, args: command[name]({ ...at, env }), env });
      return name === "keeper" || waitUntilServing({ name, ...at, env, child });
    });
    await Promise.all(waiting);
  });
}

/** Those that are asked something, and where each listens. */
function serversOf({ host, port, only, apiPort = process.env.POSTKEY_API_PORT }) {
  const devices = deviceAddresses(process.env.POSTKEY_DEVICE_LISTENERS);
  const web = { name: "web", host, port, addresses: [{ host, port }] };
  const api = { host, port: Number(apiPort), variable: "POSTKEY_API_PORT" };
  const gateway = { ...api, name: "gateway", addresses: [api, ...devices] };
  if (only) return [web, gateway].filter(({ name }) => name === only);
  if (apiPort) return [web, gateway];
  if (devices.length === 0) return [web];
  throw new Error("POSTKEY_DEVICE_LISTENERS needs the gateway: set POSTKEY_API_PORT as well.");
}

/** @returns what gives it up */
async function takeFolder({ dataFolder, only }) {
  const isShared = givenDatabase();
  if (only && !(isShared && hasOwnKey()))
    throw new Error(
      `To run the ${only} on its own, set DATABASE_URL and POSTKEY_KEY_FILE: every process needs the same database and the same key.`,
    );
  if (!isShared) return ownFolder(dataFolder);
  // With a database of the operator's any number may run.
  if (!only) mkdirSync(dataFolder, { recursive: true, mode: 0o711 });
  return () => {};
}
