import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FoundDevice } from "@/lib/devices/store";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { Resting } from "./resting";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** As much of a device as an account rests by. */
const deviceOf = (repairedAt: number) =>
  ({ emailAccountId: "a", repairedAt }) as Partial<FoundDevice> as FoundDevice;

const WRONG = { refusal: "server_refused", remedyId: "password.refused" } as const;
const SLOW = { refusal: "slowed_down", remedyId: "mail.throttled" } as const;
const OFF = { refusal: "server_refused", remedyId: "smtp.auth_disabled_tenant" } as const;

test("an account rests with a wrong password, by all protocols, for fifteen minutes", () => {
  const resting = new Resting();
  expect(resting.begin(deviceOf(1), "imap", { ...WRONG, said: "NO" })).toEqual(WRONG);
  expect(resting.of(deviceOf(1), "smtp")).toEqual(WRONG);
  vi.advanceTimersByTime(15 * MINUTE_MS);
  expect(resting.of(deviceOf(1), "smtp")).toBeNull();
});

test("and no longer than until it is edited, or a test finds that it works", () => {
  const resting = new Resting();
  resting.begin(deviceOf(2), "imap", { ...WRONG, said: "NO" });
  // A session that is open for long knows it as it was.
  expect(resting.of(deviceOf(1), "smtp")).toEqual(WRONG);
  expect(resting.of(deviceOf(3), "smtp")).toBeNull();
  expect(resting.of(deviceOf(2), "smtp")).toBeNull();
});

test.each([
  ["for the time that the server names", "Suggested Backoff Time: 89117 milliseconds", 90],
  ["for a minute at least", "Suggested Backoff Time: 100 milliseconds", 60],
  ["for ten minutes at most", "Suggested Backoff Time: 999999 milliseconds", 600],
  ["for a minute where it names none", "Too many connections", 60],
])("a protocol that is throttled rests %s, and says how long", (_, said, restSeconds) => {
  const resting = new Resting();
  const device = deviceOf(1);
  const failed = { ...SLOW, said };
  expect(resting.begin(device, "imap", failed)).toEqual({ ...SLOW, restSeconds });
  vi.advanceTimersByTime(10_000);
  expect(resting.of(device, "imap")).toEqual({ ...SLOW, restSeconds: restSeconds - 10 });
  expect(resting.of(device, "smtp")).toBeNull();
  vi.advanceTimersByTime(restSeconds * 1_000);
  expect(resting.of(device, "imap")).toBeNull();
});

test("what an administrator repairs at the server is asked for again at once", () => {
  const resting = new Resting();
  expect(resting.begin(deviceOf(1), "smtp", { ...OFF, said: "535" })).toEqual(OFF);
  expect(resting.of(deviceOf(1), "smtp")).toBeNull();
});
