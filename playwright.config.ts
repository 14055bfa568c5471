import { existsSync } from "node:fs";
import { defineConfig, devices } from "@playwright/test";

// An explicit path, then Debian's Chromium, then Playwright's own (npx playwright install chromium).
const executablePath = [process.env.CHROMIUM_PATH, "/usr/bin/chromium", "/usr/bin/chromium-browser"]
  .filter((path) => path !== undefined)
  .find((path) => existsSync(path));

export default defineConfig({
  testDir: "./e2e",
  testMatch: "**/*.spec.ts",
  outputDir: "./.pw",
  globalSetup: "./e2e/global-setup.ts",
  timeout: 90_000,
  // Busy machines are slow; what has to be fast says so itself.
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env.CI),
  // One installation serves all of them, and faults are switched on for all at once.
  workers: 1,
  use: {
    actionTimeout: 60_000,
    trace: "retain-on-failure",
    launchOptions: {
      ...(executablePath && { executablePath }),
      chromiumSandbox: process.getuid?.() !== 0,
      args: ["--disable-gpu", "--no-first-run", "--disable-background-networking"],
    },
  },
  projects: [{ name: "chromium", use: { ...devices["Desktop Chrome"] } }],
});
