import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cloudSchema } from "@/lib/oauth/clouds";
import { REDIRECT_URI } from "./testing";

const directory = mkdtempSync(join(tmpdir(), "postkey-sandbox-main-"));
const outfile = join(directory, "sandbox.mjs");

beforeAll(async () => {
  const root = resolve(import.meta.dirname, "../..");
  await build({
    entryPoints: [join(import.meta.dirname, "main.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    alias: { "@": root },
  });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("the sandbox's process", () => {
  test("needs nothing but Node", () => {
    const imports = [...readFileSync(outfile, "utf8").matchAll(/^import .* from "([^"]+)"/gm)];
    expect(imports.length).toBeGreaterThan(0);
    for (const [, name] of imports) expect(name).toMatch(/^node:/);
  });

  test("says when it is ready, and keeps its ports, keys and secrets over a restart", async () => {
    const first = await start();
    expect(first.ready.ready).toBe(true);
    const [cloud] = JSON.parse(readFileSync(first.ready.cloudFile, "utf8"));
    expect(cloudSchema.parse(cloud)).toEqual(cloud);
    first.child.kill("SIGTERM");
    expect(await once(first.child, "exit")).toEqual([0, null]);
    const second = await start();
    expect(second.ready).toEqual(first.ready);
    second.child.stdin?.end();
    expect(await once(second.child, "exit")).toEqual([0, null]);
  });

  test("says what is missing from its environment", async () => {
    const env = { ...process.env, SANDBOX_STATE_DIR: "", SANDBOX_REDIRECT_URIS: "" };
    const child = spawn(process.execPath, [outfile], { env, stdio: ["pipe", "pipe", "pipe"] });
    const [message] = await once(child.stderr, "data");
    expect(String(message)).toContain("SANDBOX_STATE_DIR");
  });
});

async function start(): Promise<{
  child: ChildProcess;
  ready: { ready: boolean; cloudFile: string };
}> {
  const SANDBOX_STATE_DIR = join(directory, "state");
  const env = { ...process.env, SANDBOX_STATE_DIR, SANDBOX_REDIRECT_URIS: REDIRECT_URI };
  const child = spawn(process.execPath, [outfile], { env, stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return { child, ready: JSON.parse(String(line)) };
}
