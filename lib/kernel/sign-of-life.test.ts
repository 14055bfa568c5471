import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { forgetSingletons } from "@/lib/testing/singletons";
import { expectTurns, giveSignsOfLife } from "./sign-of-life";

let signs: number;

beforeEach(() => {
  signs = 0;
  forgetSingletons();
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  // Vitest talks to this process in the same way.
  const send = process.send?.bind(process);
  vi.spyOn(process, "send").mockImplementation((message, ...rest) => {
    if (message !== "alive")
      return Reflect.apply(send ?? (() => false), process, [message, ...rest]);
    signs += 1;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  forgetSingletons();
});

test("a process gives signs of life while its turns end, and none while one does not, though its event loop turns", () => {
  giveSignsOfLife();
  const turnEnded = expectTurns("keeper", 5_000);
  for (let turn = 0; turn < 10; turn += 1) {
    vi.advanceTimersByTime(2_000);
    turnEnded();
  }
  expect(signs).toBe(10);
  vi.advanceTimersByTime(60_000);
  expect(signs).toBe(12);
  turnEnded();
  vi.advanceTimersByTime(2_000);
  expect(signs).toBe(13);
});
