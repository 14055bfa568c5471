// Builds the product: the Prisma client, the web (Next.js) and the bundles of the other processes.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runToEnd } from "./run-to-end.mjs";

const STAMP = ".build/stamp";
const SOURCES = [
  "app",
  "components",
  "lib",
  "prisma",
  "public",
  "e2e/sandbox",
  "scripts",
  "deploy",
];
const NOT_READ = /\.test\.tsx?$|^prisma\/generated\//;
const FILES = ["package-lock.json", "next.config.mjs", "proxy.ts", "instrumentation.ts"];

/** The processes beside the web, as single files: they start fast and need no TypeScript. */
export const BUNDLES = {
  web: "lib/http/web/main.ts",
  gateway: "lib/gateway/main.ts",
  keeper: "lib/keeper/main.ts",
  sandbox: "e2e/sandbox/main.ts",
  bootstrap: "scripts/bootstrap.ts",
};

/** Whether what stands in .next and .build was made from the sources as they are now. */
export function isBuilt() {
  return existsSync(STAMP) && readFileSync(STAMP, "utf8") === sourceHash();
}

/** @param {{ hasClient?: boolean }} [options] `hasClient`: the Prisma client was generated just now */
export async function build({ hasClient = false } = {}) {
  if (!hasClient) await generateClient();
  // One that is broken off leaves nothing to start; what is edited meanwhile may or may not be in it.
  rmSync(STAMP, { force: true });
  const built = sourceHash();
  await bundle();
  await run("next", "build");
  writeFileSync(STAMP, built);
}

export function generateClient() {
  return run("prisma", "generate");
}

/**
 * @param {Readonly<Record<string, string>>} [entries] sources by the name of their bundle
 * @param {string} [outdir] below this folder, so that the packages are found
 * @param {import("esbuild").BuildOptions} [options] instead of these
 */
export async function bundle(entries = BUNDLES, outdir = ".build", options = {}) {
  const esbuild = await import("esbuild");
  mkdirSync(outdir, { recursive: true });
  await esbuild.build({
    entryPoints: Object.entries(entries).map(([out, path]) => ({ in: path, out })),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    alias: { "@": process.cwd() },
    sourcemap: "linked",
    // Node keeps a map in memory for as long as the process runs: what is looked for in it are lines, not their text.
    sourcesContent: false,
    logLevel: "error",
    ...options,
  });
  // Otherwise its helper process would outlive this call.
  await esbuild.stop();
}

async function run(bin, command) {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
  const line = [join("node_modules", ".bin", bin), command];
  const { code, out, problem, isStopped } = await runToEnd(line, { env });
  if (isStopped) throw new Error("Stopped.");
  if (code !== 0) throw new Error(`${bin} ${command} failed:\n${out}${problem}`);
}

/** Changes with everything that the build reads. */
export function sourceHash() {
  const hash = createHash("sha256").update(process.version);
  const below = SOURCES.flatMap(filesBelow).filter((file) => !NOT_READ.test(file));
  for (const file of [...FILES, ...below]) hash.update(file).update(readFileSync(file));
  return hash.digest("hex");
}

export function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  await build({ hasClient: process.argv.includes("--has-client") });
