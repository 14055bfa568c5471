import { expect, test } from "vitest";
import { Newcomers } from "./newcomers";

function clientOf(name: string, isLoggingIn = false) {
  const client = {
    name,
    isLoggingIn,
    isOver: false,
    isPutOut: false,
    sayBye() {},
    socket: {
      destroy() {
        client.isOver = true;
      },
    },
  };
  return client;
}

test("those who have not logged in have half of the places, and the oldest makes room", () => {
  const newcomers = new Newcomers<ReturnType<typeof clientOf>>(6);
  const [one, two, three, four, five] = ["1", "2", "3", "4", "5"].map((name) => clientOf(name));
  if (!one || !two || !three || !four || !five) throw new Error("There are no clients.");
  for (const client of [one, two, three]) newcomers.add(client);
  expect([...newcomers]).toEqual([one, two, three]);
  newcomers.add(four);
  expect([one.isOver, one.isPutOut]).toEqual([true, true]);
  // It has logged in: its place is another one now.
  newcomers.delete(two);
  newcomers.add(five);
  expect([...newcomers]).toEqual([three, four, five]);
});

test("one whose login is looked up goes last", () => {
  const newcomers = new Newcomers<ReturnType<typeof clientOf>>(4);
  const [busy, silent, late] = [clientOf("busy", true), clientOf("silent"), clientOf("late", true)];
  for (const client of [busy, silent, late]) newcomers.add(client);
  expect([busy.isOver, silent.isOver]).toEqual([false, true]);
  newcomers.add(clientOf("last", true));
  expect(busy.isOver).toBe(true);
});

test("where those who logged in have the rest of the places, the oldest makes room as well", () => {
  const newcomers = new Newcomers<ReturnType<typeof clientOf>>(100);
  const [busy, silent] = [clientOf("busy", true), clientOf("silent")];
  for (const client of [busy, silent]) newcomers.add(client);
  expect([newcomers.makeRoom(), silent.isPutOut]).toEqual([true, true]);
  expect([newcomers.makeRoom(), busy.isPutOut]).toEqual([false, false]);
});
