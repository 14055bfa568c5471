import { expect, test } from "vitest";
import { Newcomers, unnamed } from "./newcomers";

const come = (count: number) =>
  Array.from({ length: count }, () => unnamed({ destroy: () => undefined }));
const putOut = (clients: ReturnType<typeof come>) => clients.map(({ isPutOut }) => isPutOut);

test("of too many the oldest makes room, and not one whose login is looked up", () => {
  const newcomers = new Newcomers(3);
  const clients = come(5);
  Object.assign(clients[0] ?? {}, { isLoggingIn: true });
  expect(clients.map((client) => newcomers.add(client))).toEqual([false, false, false, true, true]);
  expect(putOut(clients)).toEqual([false, true, true, false, false]);
  expect([...newcomers]).toEqual([clients[0], clients[3], clients[4]]);
});

test("where the logins of all are looked up, the one that comes has no place", () => {
  const newcomers = new Newcomers(2);
  const clients = come(3);
  for (const client of clients.slice(0, 2))
    newcomers.add(Object.assign(client, { isLoggingIn: true }));
  expect([newcomers.isFull, newcomers.makeRoom()]).toEqual([true, false]);
  newcomers.add(clients[2] ?? unnamed({ destroy: () => undefined }));
  expect(putOut(clients)).toEqual([false, false, true]);
});
