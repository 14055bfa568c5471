import { expect, test } from "vitest";
import { atMost, batched } from "./batch";

test("what is asked for at once is read at once, each asker gets his own answer, and nothing is remembered", async () => {
  const reads: string[][] = [];
  const find = batched(async (keys) => {
    reads.push(keys);
    return new Map(keys.filter((key) => key !== "unknown").map((key) => [key, key.toUpperCase()]));
  });
  const answers = await Promise.all(["a", "b", "a", "unknown"].map(find));
  expect(answers).toEqual(["A", "B", "A", null]);
  await find("a");
  expect(reads).toEqual([["a", "b", "unknown"], ["a"]]);
});

test("who asks while others are being read starts a read of his own", async () => {
  let release = () => {};
  const reads: string[][] = [];
  const find = batched(async (keys) => {
    reads.push(keys);
    if (reads.length === 1)
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    return new Map(keys.map((key) => [key, key]));
  });
  const first = find("a");
  await new Promise(setImmediate);
  expect(await find("a")).toBe("a");
  release();
  expect(await first).toBe("a");
  expect(reads).toEqual([["a"], ["a"]]);
});

test("a failure reaches all who asked, and the next question is tried anew", async () => {
  let isBroken = true;
  const find = batched(async (keys) => {
    if (isBroken) throw new Error("no connection");
    return new Map(keys.map((key) => [key, key]));
  });
  const outcomes = await Promise.allSettled([find("a"), find("b")]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  isBroken = false;
  expect(await find("a")).toBe("a");
});

test("so many run at a time, and a failure gives its place to the next", async () => {
  const inTurn = atMost(2);
  let running = 0;
  let most = 0;
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) =>
      inTurn(async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise(setImmediate);
        running -= 1;
        if (index % 3 === 0) throw new Error("no");
        return index;
      }),
    ),
  );
  expect(most).toBe(2);
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(13);
});
