import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { commands, waitUntilServing } from "../scripts/installation.mjs";
import { freePort } from "../scripts/ports.mjs";

/** Where Next.js reads that there is a proxy.ts, and for which paths. */
const PROXY_MANIFEST = ".next/server/functions-config-manifest.json";

/**
 * A second web of the same installation, of the same build, as if there were no proxy.ts: what a way
 * around it would reach.
 */
export async function startWebWithoutProxy(folder: string, env: NodeJS.ProcessEnv) {
  mkdirSync(folder);
  for (const name of ["node_modules", "public", "package.json", "next.config.mjs", ".build"])
    symlinkSync(resolve(name), join(folder, name));
  cpSync(".next", join(folder, ".next"), { recursive: true, verbatimSymlinks: true });
  rmSync(join(folder, PROXY_MANIFEST));
  writeFileSync(join(folder, PROXY_MANIFEST), JSON.stringify({ version: 1, functions: {} }));
  const port = await freePort();
  const args = commands.web({ host: "127.0.0.1", port });
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: "ignore" });
  const ended = once(child, "exit");
  const url = `http://localhost:${port}`;
  await waitUntilServing({ child, env, host: "127.0.0.1", port });
  return {
    url,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
