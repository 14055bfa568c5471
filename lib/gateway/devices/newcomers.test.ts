import { expect, test } from "vitest";
import { elapsed } from "@/lib/kernel/clock";
import { Neighbours, Newcomers } from "./newcomers";

type Of = { hasSpoken?: boolean; hasBegun?: boolean; forMs?: number };

function clientOf(name: string, isLoggingIn = false, of: Of = {}) {
  const { hasSpoken = false, hasBegun = false, forMs = 0 } = of;
  const client = {
    name,
    isLoggingIn,
    isOver: false,
    isPutOut: false,
    sayBye() {},
    hasSpoken,
    hasBegun,
    since: elapsed() - forMs,
    socket: {
      destroy() {
        client.isOver = true;
      },
    },
  };
  return client;
}

const begunOf = (name: string, forMs = 0) =>
  clientOf(name, false, { hasSpoken: true, hasBegun: true, forMs });

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

test("one that says nothing goes before one that has spoken, once it had the time to", () => {
  const newcomers = new Newcomers<ReturnType<typeof clientOf>>(6);
  const spoken = clientOf("spoken", false, { hasSpoken: true, forMs: 20_000 });
  const silent = clientOf("silent", false, { forMs: 10_000 });
  for (const client of [spoken, silent, clientOf("new"), clientOf("newer")]) newcomers.add(client);
  expect([spoken.isOver, silent.isOver]).toEqual([false, true]);
  newcomers.add(clientOf("newest"));
  expect(spoken.isOver).toBe(true);
});

test("one that has begun to log in goes behind those that only connect", () => {
  const newcomers = new Newcomers<ReturnType<typeof clientOf>>(8);
  const begun = begunOf("begun", 500);
  newcomers.add(begun);
  const more = Array.from({ length: 50 }, (_, at) => clientOf(`${at}`));
  for (const client of more) newcomers.add(client);
  expect([...newcomers]).toEqual([begun, ...more.slice(-3)]);
});

test("but those that stop there keep no one out: half of the places are of the others", () => {
  const newcomers = new Newcomers<ReturnType<typeof clientOf>>(8);
  const begins = (at: number) => begunOf(`begun ${at}`);
  const begun = Array.from({ length: 4 }, (_, at) => begins(at));
  for (const client of begun) newcomers.add(client);
  const [one, other] = [clientOf("1"), clientOf("2")];
  for (const client of [one, other]) newcomers.add(client);
  expect([...newcomers]).toEqual([...begun.slice(2), one, other]);
});

test("nor is the one that comes put out while others stop halfway and others log in", () => {
  const newcomers = new Newcomers<ReturnType<typeof clientOf>>(8);
  const begun = ["a", "b"].map((name) => begunOf(name));
  for (const client of [...begun, clientOf("c", true), clientOf("d", true)]) newcomers.add(client);
  const last = clientOf("last");
  newcomers.add(last);
  expect([last.isOver, begun[0]?.isOver]).toEqual([false, true]);
});

test("those that stop halfway are counted also behind one that has just come", () => {
  const newcomers = new Newcomers<ReturnType<typeof clientOf>>(8);
  const young = clientOf("young");
  newcomers.add(young);
  for (const name of ["a", "b", "c", "d"]) newcomers.add(begunOf(name));
  expect(young.isOver).toBe(false);
});

test("each network has places of its own, and who logs in keeps one", () => {
  const neighbours = new Neighbours<ReturnType<typeof clientOf>>(2);
  const [one, two] = [clientOf("1"), clientOf("2")];
  const leave = [one, two].map((client) => neighbours.add("192.0.2.1", client));
  expect([neighbours.makeRoom("192.0.2.2"), one.isOver]).toEqual([false, false]);
  expect(neighbours.isFull("192.0.2.1")).toBe(false);
  expect([neighbours.makeRoom("192.0.2.1"), one.isOver, two.isOver]).toEqual([true, true, false]);
  neighbours.add("192.0.2.1", clientOf("busy", true));
  two.isLoggingIn = true;
  expect(neighbours.isFull("192.0.2.1")).toBe(true);
  expect([neighbours.makeRoom("192.0.2.1"), two.isOver]).toEqual([false, false]);
  for (const each of leave) each();
  expect(neighbours.isFull("192.0.2.1")).toBe(false);
});
