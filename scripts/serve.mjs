import { mkdirSync } from "node:fs";
import { emptyFolder, ownFolder } from "./folder-users.mjs";
import { givenDatabase } from "./given-database.mjs";
import { keepSign } from "./health.mjs";
import {
  bootstrap,
  checkConfiguration,
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
  const { dataFolder, url, sandbox, reset, stopping, only } = options;
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
    const databaseUrl = givenDatabase() || "postgresql://embedded";
    await checkConfiguration(productEnvironment({ dataFolder, databaseUrl, url }));
    const onLine = options.onLine ?? printLine;
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
    const env = productEnvironment({
      dataFolder,
      databaseUrl: database.url,
      url,
      extra: { ...box?.environment, ...(await options.environment?.()) },
    });
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
  const names = servers.map(({ name }) => name);
  if (!only || only === "keeper") names.push("keeper");
  const web = mode === "development" ? commands.webDevelopment : commands.web;
  const command = { ...commands, web };
  await part(`Starting ${inWords(names)}`, async () => {
    const started = names.map((name) => {
      const at = servers.find((server) => server.name === name);
      return {
        ...at,
        env,
        child: processes.start({ name, args: command[name]({ ...at, env }), env }),
      };
    });
    await Promise.all(started.filter(({ port }) => port !== undefined).map(waitUntilServing));
  });
}

function inWords(names) {
  const last = names.at(-1);
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${last}` : last;
}

/** Those that are asked something, and where each listens. */
function serversOf({ host, port, only, apiPort = configuredApiPort() }) {
  const devices = deviceAddresses(process.env.POSTKEY_DEVICE_LISTENERS);
  const web = { name: "web", host, port, addresses: [{ host, port }] };
  const api = { host, port: apiPort, variable: "POSTKEY_API_PORT" };
  const gateway = { name: "gateway", host, port: apiPort, addresses: [api, ...devices] };
  if (only) return [web, gateway].filter(({ name }) => name === only);
  if (apiPort !== undefined) return [web, gateway];
  if (devices.length === 0) return [web];
  throw new Error("POSTKEY_DEVICE_LISTENERS needs the gateway: set POSTKEY_API_PORT as well.");
}

/** @returns what gives it up */
async function takeFolder({ dataFolder, only }) {
  if (only) {
    if (givenDatabase() && hasOwnKey()) return () => {};
    throw new Error(
      `To run the ${only} on its own, set DATABASE_URL and POSTKEY_KEY_FILE: every process needs the same database and the same key.`,
    );
  }
  // With a database of the operator's any number may run.
  const leave = givenDatabase() ? () => {} : await ownFolder(dataFolder);
  mkdirSync(dataFolder, { recursive: true, mode: 0o711 });
  return leave;
}

function configuredApiPort() {
  const { POSTKEY_API_PORT } = process.env;
  return POSTKEY_API_PORT ? Number(POSTKEY_API_PORT) : undefined;
}
