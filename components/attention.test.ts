import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchAttention } from "./attention";

const MINUTE_MS = 60_000;
let page: EventTarget;
let attention: ReturnType<typeof watchAttention>;
const load = vi.fn();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance", "Date"] });
  load.mockClear();
  page = new EventTarget();
  attention = watchAttention(page);
});
afterEach(() => {
  attention.stop();
  vi.useRealTimers();
});

const pass = (minutes: number) => vi.advanceTimersByTime(minutes * MINUTE_MS);

test("a page is loaded again at once, but not where nobody touched it for 20 minutes", () => {
  pass(19);
  attention.whenThere(load);
  expect(load).toHaveBeenCalledTimes(1);
  pass(1);
  attention.whenThere(load);
  expect(load).toHaveBeenCalledTimes(1);
});

test.each(["pointermove", "pointerdown", "wheel", "keydown", "focus", "visibilitychange"])(
  "what was missed meanwhile is loaded at the first %s, once however much it was",
  (sign) => {
    pass(25);
    page.dispatchEvent(new Event(sign));
    expect(load).not.toHaveBeenCalled();
    pass(25);
    for (let notices = 0; notices < 5; notices += 1) attention.whenThere(load);
    pass(60);
    page.dispatchEvent(new Event(sign));
    expect(load).toHaveBeenCalledTimes(1);
    page.dispatchEvent(new Event(sign));
    expect(load).toHaveBeenCalledTimes(1);
    attention.whenThere(load);
    expect(load).toHaveBeenCalledTimes(2);
  },
);

test("a clock that was set back does not take somebody who left for present", () => {
  pass(25);
  vi.setSystemTime(Date.now() - 360 * MINUTE_MS);
  attention.whenThere(load);
  expect(load).not.toHaveBeenCalled();
  page.dispatchEvent(new Event("pointermove"));
  expect(load).toHaveBeenCalledTimes(1);
});
