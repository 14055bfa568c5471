import { once } from "node:events";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { letExpire, tokenRow } from "@/lib/testing/tokens";
import { bundle } from "@/scripts/build.mjs";
import { Processes } from "@/scripts/processes.mjs";

const sandbox = withInstallation();
const NAME = "test-uncaught";
const PATIENCE = { timeout: 20_000, interval: 20 };
const SECRET = "a refresh token that hangs on an error";
const lines: string[] = [];
let supervisor: Processes | undefined;
let key: string;

beforeAll(async () => {
  // The product takes it out of its environment at the first use.
  key = process.env.POSTKEY_KEY ?? "";
  await bundle({ [NAME]: "lib/keeper/main.ts" });
}, MINUTE_MS);

afterEach(async () => {
  await supervisor?.stop();
  lines.length = 0;
});

/** What a library does wrong, somewhere outside of every promise of ours. */
const hook = (fault: string) =>
  `process.on("SIGUSR2", () => setTimeout(() => {
     const error = Object.assign(new Error("thrown in a library callback"), { request: "${SECRET}" });
     ${fault};
   }))`;

const count = (text: string) => lines.filter((line) => line.includes(text)).length;

test.each([
  ["is thrown in a callback", "throw error"],
  ["rejects a promise of nobody", "Promise.reject(error)"],
])(
  "an error that %s is logged, and another keeper goes on",
  async (_what, fault) => {
    const { cloudProviderId } = await connectedAccount(administrator(), sandbox());
    const started = new Processes({
      onLine: (name, line) => lines.push(`${name}: ${line}`),
      firstRestartMs: 50,
    });
    supervisor = started;
    const sibling = started.start({
      name: "sibling",
      args: ["-e", "setInterval(() => {}, 1000)"],
      env: process.env,
    });
    await once(sibling, "spawn");
    const args = [
      "--conditions=react-server",
      `--import=data:text/javascript,${encodeURIComponent(hook(fault))}`,
    ];
    const env: NodeJS.ProcessEnv = { ...process.env, NODE_ENV: "production", POSTKEY_KEY: key };
    started.start({ name: "keeper", args: [...args, `.build/${NAME}.mjs`], env });
    await vi.waitFor(() => expect(count("keeper started")).toBe(1), PATIENCE);

    process.kill(started.pidOf("keeper") ?? 0, "SIGUSR2");
    await vi.waitFor(() => expect(count("keeper started")).toBe(2), PATIENCE);
    expect(count("postkey: keeper ended (1)")).toBe(1);
    expect(lines.find((line) => line.includes("uncaught error"))).toContain(
      "thrown in a library callback",
    );
    expect(lines.join("\n")).not.toContain(SECRET);
    expect(sibling.exitCode).toBeNull();

    const before = await tokenRow(cloudProviderId);
    await letExpire(cloudProviderId);
    await vi.waitFor(async () => {
      const { refreshedAt, state } = await tokenRow(cloudProviderId);
      expect(refreshedAt.getTime()).toBeGreaterThan(before.refreshedAt.getTime());
      expect(state).toBe("connected");
    }, PATIENCE);
  },
  MINUTE_MS,
);
