import { afterEach, beforeEach, expect, type MockInstance, vi } from "vitest";

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
