import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";
import { workInMemory } from "./lib/testing/work-in-memory.mjs";

/** `server-only` resolves to nothing under this condition, as on Next.js's server. */
const SERVER = "react-server";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** `npm run test:long`: what takes minutes, or is judged by the clock (CONTRIBUTING.md). */
const isLong = process.env.POSTKEY_TESTS === "long";
const LONG = isLong ? [] : ["**/*.long.test.ts"];
// The figures of the long ones are those of a disk.
if (!isLong) workInMemory();

export default defineConfig({
  resolve: {
    alias: {
      "@": here(".").replace(/\/$/, ""),
      // Next.js puts this one in its place on the server; the other needs React's client.
      "next/navigation": "next/dist/client/components/navigation.react-server.js",
      // They need a request of Next.js.
      "next/headers": here("lib/testing/next-headers.ts"),
      "next/cache": here("lib/testing/next-cache.ts"),
    },
  },
  ssr: { resolve: { conditions: [SERVER, "node"], externalConditions: [SERVER, "node"] } },
  test: {
    environment: "node",
    include: ["{lib,app,components,scripts,bench,deploy,e2e}/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ".next/**", ".build/**", ...LONG],
    globalSetup: ["lib/testing/global-setup.ts"],
    setupFiles: ["lib/testing/set-up-file.ts"],
    // An odd offset: code that confuses local time with UTC fails.
    env: { TZ: "Asia/Kathmandu" },
    pool: "forks",
    // Files share a process: what they import is read once. lib/testing/set-up-file.ts clears up before each.
    isolate: false,
    // Tests wait for servers some of the time.
    maxWorkers: isLong ? 1 : 3,
    sequence: { shuffle: { files: !isLong } },
    // Only a busy machine needs this long.
    expect: { poll: { timeout: 20_000 } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
