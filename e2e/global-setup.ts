import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FullConfig } from "@playwright/test";
import { z } from "zod";
import { build, isBuilt } from "../scripts/build.mjs";
import { freeDeviceListeners, freePort } from "../scripts/ports.mjs";
import { serve } from "../scripts/serve.mjs";

/** One installation for each worker. */
export default async function globalSetup({ workers }: FullConfig): Promise<() => Promise<void>> {
  if (!isBuilt()) await build();
  const started = await Promise.allSettled(Array.from({ length: workers }, startInstallation));
  const running = started.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const stop = async () => {
    await Promise.all(running.map((each) => each.stop()));
  };
  const failed = started.find((each) => each.status === "rejected");
  if (failed) {
    await stop();
    throw failed.reason;
  }
  process.env.E2E_SETTINGS = JSON.stringify(running.map(({ settings }) => settings));
  return stop;
}

/**
 * Started as the product's own command starts it: embedded database, web, gateway, keeper and sandbox, in a folder of
 * its own and on free ports.
 */
async function startInstallation() {
  const root = mkdtempSync(join(tmpdir(), "postkey-e2e-"));
  // PostgreSQL runs as another user when this is root, and has to get in.
  const dataFolder = join(root, "data");
  mkdirSync(dataFolder, { mode: 0o711 });
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
  const settings = {
    url,
    password,
    databaseUrl: running.env.DATABASE_URL,
    webEnvironment: running.env,
    deviceListeners,
    apiUrl: `http://localhost:${apiPort}`,
    webPid: running.pidOf("web"),
    caFile: z.string().parse(Reflect.get(running.env, "POSTKEY_CA_FILE")),
    ...running.sandbox,
  };
  const stop = async () => {
    await running.stop();
    rmSync(root, { recursive: true, force: true });
    if (process.env.E2E_SHOW_LOG) process.stdout.write(`${lines.join("\n")}\n`);
  };
  return { settings, stop };
}
