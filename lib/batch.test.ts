import { expect, test } from "vitest";
import { batched } from "./batch";

function recorded() {
  const reads: string[][] = [];
  const find = batched(async (keys) => {
    reads.push(keys);
    return new Map(keys.filter((key) => key !== "unknown").map((key) => [key, key.toUpperCase()]));
  });
  return { reads, find };
}

test("what is asked for at once is read at once, and each asker gets his own answer", async () => {
  const { reads, find } = recorded();
  const answers = await Promise.all(["a", "b", "a", "unknown"].map(find));
  expect(answers).toEqual(["A", "B", "A", null]);
  expect(reads).toEqual([["a", "b", "unknown"]]);
});

test("nothing is remembered: the same question later is read again", async () => {
  const { reads, find } = recorded();
  await find("a");
  await find("a");
  expect(reads).toEqual([["a"], ["a"]]);
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
