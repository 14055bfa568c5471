import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** `server-only` resolves to nothing under this condition, as on Next.js's server. */
const SERVER = "react-server";

const IGNORED = ["**/node_modules/**", ".next/**", ".build/**"];

/** What waits for half a minute at a time runs beside others of its kind, and has twice as long as it takes. */
export const WAITING = [
  "e2e/faults/{database-clock,key-rotation,silent-{claims,clients,listen,servers},supervisor,times-ahead,wrong-clocks}.test.ts",
];
/**
 * What is judged by the clock runs when nothing else does: a busy neighbour proves nothing. Better judges are
 * statements (lib/testing/statements.ts) and the processor's time (lib/testing/cpu-time.ts).
 */
export const ALONE = [
  "e2e/faults/**/*.test.ts",
  "lib/{kernel/events,keeper}/**/*.test.ts",
  "lib/access/administrators/sign-in.test.ts",
  "lib/contacts/capture/at-once.test.ts",
  "lib/gateway/devices/{lifecycle,no-place-taken,two-gateways}.test.ts",
  "lib/gateway/main.test.ts",
  "lib/mail/hostile.test.ts",
  "lib/oauth/https.test.ts",
  "lib/watch/incidents/watch.test.ts",
  "scripts/embedded-postgres.test.ts",
];

export default defineConfig({
  resolve: {
    alias: {
      "@": fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, ""),
      // Next.js puts this one in its place on the server; the other needs React's client.
      "next/navigation": "next/dist/client/components/navigation.react-server.js",
    },
  },
  ssr: { resolve: { conditions: [SERVER, "node"], externalConditions: [SERVER, "node"] } },
  test: {
    environment: "node",
    exclude: IGNORED,
    globalSetup: ["lib/testing/global-setup.ts"],
    setupFiles: ["lib/testing/fail-on-console-error.ts"],
    // An odd offset: code that confuses local time with UTC fails.
    env: { TZ: "Asia/Kathmandu" },
    pool: "forks",
    // Only a busy machine needs this long.
    expect: { poll: { timeout: 5_000 } },
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "units",
          include: [
            "{lib,app,components,scripts,bench}/**/*.test.ts",
            "e2e/{sandbox,servers}/**/*.test.ts",
          ],
          exclude: [...IGNORED, ...WAITING, ...ALONE],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: "waiting", include: WAITING, maxWorkers: 3, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: {
          name: "alone",
          include: ALONE,
          exclude: [...IGNORED, ...WAITING],
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
