import { afterEach, expect, test, vi } from "vitest";
import { AskOnce } from "./metadata";

afterEach(() => vi.useRealTimers());

test("many who ask at once share one answer, and so do those just after a failure", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const once = new AskOnce<string>();
  let asked = 0;
  const fetch = async () => {
    asked += 1;
    throw new Error("away");
  };
  const all = await Promise.allSettled(Array.from({ length: 50 }, () => once.ask("a", fetch)));
  expect(all.every(({ status }) => status === "rejected")).toBe(true);
  await expect(once.ask("a", fetch)).rejects.toThrow("away");
  expect(asked).toBe(1);
  await expect(once.ask("b", async () => "of another")).resolves.toBe("of another");
  vi.advanceTimersByTime(6_000);
  await expect(once.ask("a", async () => "back")).resolves.toBe("back");
});

test("what may have been put right is asked again at once", async () => {
  const once = new AskOnce<string>();
  await expect(once.ask("a", () => Promise.reject(new Error("away")))).rejects.toThrow("away");
  once.forget("a");
  await expect(once.ask("a", async () => "back")).resolves.toBe("back");
});
