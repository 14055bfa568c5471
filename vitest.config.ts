import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** `server-only` resolves to nothing under this condition, as on Next.js's server. */
const SERVER = "react-server";

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
    include: [
      "{lib,app,components,scripts}/**/*.test.ts",
      "e2e/{sandbox,servers,faults}/**/*.test.ts",
    ],
    exclude: ["**/node_modules/**", ".next/**", ".build/**"],
    globalSetup: ["lib/testing/global-setup.ts"],
    setupFiles: ["lib/testing/fail-on-console-error.ts"],
    // An odd offset: whoever confuses local time with UTC is found out.
    env: { TZ: "Asia/Kathmandu" },
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
