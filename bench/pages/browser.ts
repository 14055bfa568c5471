import { existsSync } from "node:fs";
import { type Browser, chromium } from "@playwright/test";

const CANDIDATES = [process.env.CHROMIUM_PATH, "/usr/bin/chromium", "/usr/bin/chromium-browser"];

/** Why no browser can be started, in words for the table. */
export function missingBrowser(): string | undefined {
  return executable() ? undefined : "Chromium is missing: npx playwright install chromium";
}

function executable(): string | undefined {
  const found = [...CANDIDATES, chromium.executablePath()].filter((path) => path !== undefined);
  return found.find((path) => existsSync(path));
}

/** @param debuggingPort where other tools than Playwright reach the same browser */
export function openBrowser(debuggingPort?: number): Promise<Browser> {
  const executablePath = executable();
  return chromium.launch({
    ...(executablePath && { executablePath }),
    // Chromium's sandbox does not work for root.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      ...(debuggingPort ? [`--remote-debugging-port=${debuggingPort}`] : []),
    ],
  });
}
