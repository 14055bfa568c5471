import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { memoryOf, whyNoImages, withImage } from "@/lib/testing/containers";
import { createDatabase } from "@/lib/testing/database";
import { report } from "@/lib/testing/long";
import { queryOnce } from "@/lib/testing/postgres-folder";
import { freePort } from "@/scripts/ports.mjs";

const IMAGE = "localhost/postkey";
const MB = 1_000_000;
const MINUTE_MS = 60_000;
const STOP_MS = 10_000;

/** As little as a container may have. A machine may not give more files than it has itself. */
const BOUND = [
  "--read-only",
  "--cap-drop=all",
  "--security-opt=no-new-privileges",
  "--ulimit=host",
];
vi.setConfig({ testTimeout: 5 * MINUTE_MS });

const why = whyNoImages();
if (why) process.stdout.write(`  The image is not tested ${why}.\n`);

describe.skipIf(why !== undefined)(`the image ${why ?? ""}`, () => {
  const { podman, logs, folder, release } = withImage(IMAGE);

  async function start(command: string[], env: Record<string, string>, ...options: string[]) {
    const variables = Object.entries({ POSTKEY_HOST: "127.0.0.1", ...env }).map(
      ([name, value]) => `--env=${name}=${value}`,
    );
    const args = ["--network=host", ...BOUND, ...variables, ...options];
    const startedAt = performance.now();
    const id = await podman("run", "--detach", ...args, IMAGE, ...command);
    onTestFinished(async () => void (await podman("rm", "--force", "--volumes", "--time=0", id)));
    return { id, startedAt };
  }

  const isHealthy = (id: string) =>
    podman("healthcheck", "run", id).then(
      () => true,
      () => false,
    );

  async function untilHealthy({ id, startedAt }: { id: string; startedAt: number }) {
    await expect.poll(() => isHealthy(id), { timeout: 3 * MINUTE_MS, interval: 500 }).toBe(true);
    return performance.now() - startedAt;
  }

  async function stopTime(id: string): Promise<number> {
    const startedAt = performance.now();
    await podman("stop", "--time=30", id);
    return performance.now() - startedAt;
  }

  /** As a secret is mounted. */
  function keyFile(name: string): string {
    const file = join(folder(), name);
    writeFileSync(file, randomBytes(32).toString("base64"), { mode: 0o400 });
    chownSync(file, 65_532, 65_532);
    return `--volume=${file}:/run/key:ro`;
  }

  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;

  test("is small, runs as no one in particular, and says what it is", async () => {
    const format = "{{.Size}} {{.User}} {{.Config.StopSignal}}";
    const [size = "", user, signal] = (await podman("inspect", `--format=${format}`, IMAGE)).split(
      " ",
    );
    report("the image", { size: `${(Number(size) / MB).toFixed(0)} MB` });
    expect(Number(size)).toBeLessThan(300 * MB);
    expect([user, signal]).toEqual(["65532:65532", "SIGTERM"]);
    const [bytes = ""] = execFileSync("du", ["-sb", release()], { encoding: "utf8" }).split("\t");
    report("the folder beside Node", { size: `${(Number(bytes) / MB).toFixed(1)} MB` });
    // Half of it is the embedded database.
    expect(Number(bytes)).toBeLessThan(100 * MB);
    const bill = JSON.parse(readFileSync(join(release(), "sbom.cdx.json"), "utf8"));
    const names = bill.components.map((each: { name: string }) => each.name);
    expect(names).toContain("next");
    expect(names).not.toContain("vitest");
  });

  test("`all` runs without privileges, keeps its data in its volume, and is gone soon after SIGTERM", async () => {
    const [port, apiPort] = [await freePort(), await freePort()];
    const volume = "--volume=postkey-data:/var/lib/postkey";
    const all = await start([], { PORT: `${port}`, POSTKEY_API_PORT: `${apiPort}` }, volume);
    const healthy = await untilHealthy(all);
    const page = await fetch(`http://127.0.0.1:${port}/sign-in`);
    const html = await page.text();
    expect([page.status, html]).toEqual([200, expect.stringContaining("Sign in")]);
    const style = /\/_next\/static\/\S+?\.css/.exec(html)?.[0];
    expect((await fetch(`http://127.0.0.1:${port}${style}`)).status).toBe(200);
    expect(await logs(all.id)).toMatch(/One-time link +http:\S+\/setup#/);
    await sleep(5_000);
    const pid = await podman("inspect", "--format={{.State.Pid}}", all.id);
    const memory = `${memoryOf(pid).toFixed(0)} MB`;
    const verify = ["exec", all.id, "node", "postkey.mjs", "audit-verify"];
    expect(await podman(...verify)).toContain("The audit trail is intact");
    const stopped = await stopTime(all.id);
    report("all", { healthy: seconds(healthy), memory, stopped: seconds(stopped) });
    expect(stopped).toBeLessThan(STOP_MS);
    expect(await podman("inspect", "--format={{.State.ExitCode}}", all.id)).toBe("0");
    const backup = ["backup", "/var/lib/postkey/one.backup"];
    const saved = await podman("run", "--rm", "--network=host", ...BOUND, volume, IMAGE, ...backup);
    expect(saved).toMatch(/^Saved installation \S+ as of /);
  });

  test("`demo` has the sandbox too", async () => {
    const demo = await start(["demo"], {});
    await expect.poll(() => logs(demo.id), { timeout: 3 * MINUTE_MS }).toMatch(/sandbox +http:/);
    const printed = await logs(demo.id);
    const at = (name: string) => new RegExp(`${name} +(http:\\S+)`).exec(printed)?.[1] ?? "";
    expect(await (await fetch(at("sandbox"))).text()).toContain("alice@contoso.test");
    expect((await fetch(`${at("Address")}/api/health`)).status).toBe(200);
    expect(await stopTime(demo.id)).toBeLessThan(STOP_MS);
  });

  test("each process runs in a container of its own, with a PostgreSQL from elsewhere", async () => {
    const database = await createDatabase({ empty: true });
    onTestFinished(() => database.drop());
    const [port, apiPort] = [await freePort(), await freePort()];
    const env = {
      DATABASE_URL: database.url,
      POSTKEY_KEY_FILE: "/run/key",
      PORT: `${port}`,
      POSTKEY_API_PORT: `${apiPort}`,
    };
    const withKey = keyFile("key");
    const migrating = await start(["migrate"], env);
    expect(await podman("wait", migrating.id)).toBe("0");
    expect(await logs(migrating.id)).toContain("The database is up to date.");
    const names = ["web", "gateway", "keeper"];
    const started = await Promise.all(names.map((name) => start([name], env, withKey)));
    for (const [index, each] of started.entries())
      report(names[index] ?? "", { healthy: seconds(await untilHealthy(each)) });
    for (const each of [port, apiPort])
      expect((await fetch(`http://127.0.0.1:${each}/api/health`)).status).toBe(200);
    const beats = () => queryOnce(database.url, 'SELECT 1 FROM "KeeperHeartbeat"');
    expect(await beats()).toHaveLength(1);
    // The web alone prints it: each new one voids the last.
    const links = await Promise.all(
      started.map(async ({ id }) => (await logs(id)).includes("/setup#")),
    );
    expect(links).toEqual([true, false, false]);
    for (const { id } of started) expect(await stopTime(id)).toBeLessThan(STOP_MS);
    expect(await beats()).toHaveLength(0);
    const wrong = await start(["keeper"], env, keyFile("other-key"));
    expect(await podman("wait", wrong.id)).toBe("78");
  });

  test("a process on its own says what it needs", async () => {
    const alone = await start(["keeper"], {});
    expect(await podman("wait", alone.id)).toBe("1");
    expect(await logs(alone.id)).toContain("set DATABASE_URL and POSTKEY_KEY_FILE");
  });
});
