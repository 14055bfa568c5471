import { mkdirSync } from "node:fs";
import { build, isBuilt } from "./build.mjs";
import { emptyFolder, ownFolder } from "./folder-users.mjs";
import {
  bootstrap,
  checkConfiguration,
  commands,
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
 * @param {{ dataFolder: string, url: string, host: string, port: number, apiPort?: number,
 *   mode: "production" | "development", sandbox?: boolean, reset?: boolean,
 *   stopping?: AbortSignal, environment?: () => NodeJS.ProcessEnv | Promise<NodeJS.ProcessEnv>,
 *   onLine?: (name: string, line: string, from?: { isError: boolean }) => void }} options
 *   `apiPort` is the gateway's: by default POSTKEY_API_PORT, and none without it. `environment` may keep what it
 *   makes in the data folder; it is asked once that is owned. When `stopping` says so, no other part is started
 */
export async function serve(options) {
  const { dataFolder, url, host, port, mode, sandbox, reset } = options;
  const { apiPort = configuredApiPort(), stopping } = options;
  const closers = [];
  const part = (title, work) => {
    stopping?.throwIfAborted();
    return step(title, work);
  };
  const stop = async () => {
    for (const close of closers.reverse()) await close();
  };
  try {
    // With a database of the operator's any number may run.
    if (!process.env.DATABASE_URL) closers.push(await ownFolder(dataFolder));
    mkdirSync(dataFolder, { recursive: true, mode: 0o711 });
    await requireFreePorts([{ host, port }, ...portsOfGateway({ host, apiPort })]);
    stopping?.throwIfAborted();
    if (reset) emptyFolder(dataFolder);
    if (mode === "production" && !isBuilt()) await part("Building", build);
    const databaseUrl = process.env.DATABASE_URL ?? "postgresql://embedded";
    await checkConfiguration(productEnvironment({ dataFolder, databaseUrl, url }));
    const onLine = options.onLine ?? printLine;
    const database = await part("Starting the database", () =>
      openDatabase(dataFolder, (line) => onLine("database", line)),
    );
    closers.push(() => database.stop());
    const processes = new Processes({ onLine });
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
    const { setupToken, lock } = await part("Checking the key", () => bootstrap(env));
    rememberAddress(dataFolder, url);
    const names = apiPort === undefined ? "web and keeper" : "web, gateway and keeper";
    await part(`Starting ${names}`, async () => {
      const start = (name, args) => processes.start({ name, args, env });
      start("keeper", commands.keeper());
      const web = mode === "development" ? commands.webDevelopment : commands.web;
      const servers = [{ name: "web", port, child: start("web", web({ host, port })) }];
      if (apiPort !== undefined) {
        const child = start("gateway", commands.gateway({ host, port: apiPort, env }));
        servers.push({ name: "gateway", port: apiPort, child });
      }
      await Promise.all(servers.map((server) => waitUntilServing({ ...server, env, host })));
    });
    const apiUrl = apiPort === undefined ? null : `${localOrigin({ host, port: apiPort })}/api`;
    const pidOf = (name) => processes.pidOf(name);
    return { stop, setupToken, lock, apiUrl, sandbox: box, env, pidOf };
  } catch (error) {
    await stop();
    throw error;
  }
}

function configuredApiPort() {
  const { POSTKEY_API_PORT } = process.env;
  return POSTKEY_API_PORT ? Number(POSTKEY_API_PORT) : undefined;
}

function portsOfGateway({ host, apiPort }) {
  const devices = deviceAddresses(process.env.POSTKEY_DEVICE_LISTENERS);
  if (apiPort !== undefined)
    return [{ host, port: apiPort, variable: "POSTKEY_API_PORT" }, ...devices];
  if (devices.length === 0) return [];
  throw new Error("POSTKEY_DEVICE_LISTENERS needs the gateway: set POSTKEY_API_PORT as well.");
}
