import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Progress } from "./progress";

describe("a session that begins envelopes and comes to no message", () => {
  test("babbles from the second on, until a message begins", () => {
    const progress = new Progress();
    progress.mail();
    expect(progress.isBabbling).toBe(false);
    progress.mail();
    expect(progress.isBabbling).toBe(true);
    progress.message();
    expect(progress.isBabbling).toBe(false);
  });

  test("does not babble where Postkey ended its envelopes", () => {
    const progress = new Progress();
    for (let turn = 0; turn < 3; turn += 1) {
      progress.mail();
      progress.lost();
    }
    progress.mail();
    expect(progress.isBabbling).toBe(false);
  });

  test("is waited for while Postkey holds its MAIL, unless it has begun many", async () => {
    const progress = new Progress();
    for (let turn = 0; turn < 3; turn += 1) progress.mail();
    const held = progress.held(sleep(20, "its turn"));
    expect(progress.isBabbling).toBe(false);
    expect(await held).toBe("its turn");
    expect(progress.isBabbling).toBe(true);
    for (let turn = 0; turn < 3; turn += 1) progress.mail();
    const heldAgain = progress.held(sleep(20));
    expect(progress.isBabbling).toBe(true);
    await heldAgain;
  });
});

describe("a session that names recipients", () => {
  afterEach(() => void vi.useRealTimers());

  test("gets further by it for a minute, and no longer", () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const progress = new Progress();
    progress.mail();
    const idle = Array.from({ length: 10 }, () => {
      vi.advanceTimersByTime(8_000);
      const idleMs = progress.sinceMs;
      progress.recipient();
      return idleMs;
    });
    expect(idle).toEqual([...Array.from({ length: 8 }, () => 8_000), 16_000, 24_000]);
  });
});
