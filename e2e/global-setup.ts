import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { freeDeviceListeners, freePort } from "../scripts/ports.mjs";
import { serve } from "../scripts/serve.mjs";
import { startWebWithoutProxy } from "./web-without-proxy";

/**
 * One installation for all specs, started as the product's own command starts it: embedded database,
 * web, gateway, keeper and sandbox, in a folder of its own and on free ports.
 */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const root = mkdtempSync(join(tmpdir(), "postkey-e2e-"));
  // PostgreSQL runs as another user when this is root, and has to get in.
  const dataFolder = join(root, "data");
  mkdirSync(dataFolder, { mode: 0o711 });
  const { chmodSync } = await import("node:fs");
  chmodSync(root, 0o711);
  const [port, apiPort] = [await freePort(), await freePort()];
  const url = `http://localhost:${port}`;
  const deviceListeners = await freeDeviceListeners();
  const password = randomBytes(18).toString("base64url");
  const lines: string[] = [];
  const running = await serve({
    dataFolder,
    url,
    host: "127.0.0.1",
    port,
    apiPort,
    mode: "production",
    sandbox: true,
    environment: () => ({
      ...process.env,
      POSTKEY_DEVICE_LISTENERS: deviceListeners,
      DEMO_EMAIL: "admin@example.com",
      DEMO_PASSWORD: password,
    }),
    onLine: (name: string, line: string) => lines.push(`${name} ${line}`),
  });
  const bare = await startWebWithoutProxy(join(root, "without-proxy"), running.env);
  const settings = {
    url,
    password,
    databaseUrl: running.env.DATABASE_URL,
    urlWithoutProxy: bare.url,
    deviceListeners,
    apiUrl: `http://localhost:${apiPort}`,
    webPid: running.pidOf("web"),
    caFile: z.string().parse(Reflect.get(running.env, "POSTKEY_CA_FILE")),
    ...running.sandbox,
  };
  process.env.E2E_SETTINGS = JSON.stringify(settings);
  return async () => {
    await bare.stop();
    await running.stop();
    rmSync(root, { recursive: true, force: true });
    if (process.env.E2E_SHOW_LOG) process.stdout.write(`${lines.join("\n")}\n`);
  };
}
