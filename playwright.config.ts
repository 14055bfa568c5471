import { defineConfig, devices } from "@playwright/test";
import { workInMemory } from "./lib/testing/work-in-memory.mjs";
import { findChromium } from "./scripts/system-packages.mjs";

const LONG = "**/*.long.spec.ts";
const use = devices["Desktop Chrome"];
const chromium = findChromium();
workInMemory();

export default defineConfig({
  testDir: "./e2e",
  outputDir: "./.pw",
  globalSetup: "./e2e/global-setup.ts",
  // Busy machines are slow. Nothing that is judged by a time is in the project `browser`.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  forbidOnly: Boolean(process.env.CI),
  // Each has an installation of its own, so that no faults and no objects are shared.
  workers: 2,
  use: {
    actionTimeout: 60_000,
    contextOptions: { reducedMotion: "reduce" },
    trace: process.env.POSTKEY_TRACE ? "on" : "off",
    launchOptions: {
      ...(chromium && { executablePath: chromium }),
      chromiumSandbox: process.getuid?.() !== 0,
      args: ["--disable-gpu", "--no-first-run", "--disable-background-networking"],
    },
  },
  projects: [
    { name: "browser", use, testMatch: "**/*.spec.ts", testIgnore: LONG },
    { name: "browser-long", use, testMatch: LONG },
  ],
});
