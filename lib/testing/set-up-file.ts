import { afterEach, beforeEach, expect, type MockInstance, vi } from "vitest";
import { jar } from "./browser-cookies";
import { forgetSingletons } from "./singletons";

/**
 * Runs before each test file. Files share a process, so each begins with the environment that the process was
 * started with, real timers and functions, no cookies, and no value of lib/kernel/singleton.ts.
 */
const first = globalThis as typeof globalThis & {
  environmentAtStart?: NodeJS.ProcessEnv;
  intervals?: Set<NodeJS.Timeout>;
};
first.environmentAtStart ??= { ...process.env };
first.intervals ??= rememberIntervals();
for (const interval of first.intervals) clearInterval(interval);
first.intervals.clear();
for (const name of Object.keys(process.env))
  if (!(name in first.environmentAtStart)) delete process.env[name];
Object.assign(process.env, first.environmentAtStart);
vi.useRealTimers();
vi.restoreAllMocks();
vi.unstubAllEnvs();
vi.unstubAllGlobals();
jar.clear();
forgetSingletons();

/** What a file's singletons do again and again would write into the next one's database. */
function rememberIntervals(): Set<NodeJS.Timeout> {
  const all = new Set<NodeJS.Timeout>();
  const begin = globalThis.setInterval;
  const remember = (...args: Parameters<typeof begin>) => {
    const interval = begin(...args);
    all.add(interval);
    return interval;
  };
  globalThis.setInterval = Object.assign(remember, begin);
  return all;
}

let written: MockInstance<typeof console.error>;

/** The console of a test run goes unread: an error written there fails the test. */
beforeEach(() => {
  written = vi.spyOn(console, "error");
});

afterEach(() => {
  const calls = written.mock.calls.map((call) => call.map(String).join(" "));
  written.mockRestore();
  expect(calls).toEqual([]);
});
