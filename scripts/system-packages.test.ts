import { expect, test, vi } from "vitest";
import { findChromium } from "./system-packages.mjs";

test("a Chromium that the run itself installed is found", () => {
  vi.stubEnv("CHROMIUM_PATH", process.execPath);
  expect(findChromium()).toBe(process.execPath);
});
