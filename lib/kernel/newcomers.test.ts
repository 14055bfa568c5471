import { expect, test } from "vitest";
import { Newcomers } from "./newcomers";

const come = (isLoggingIn = false) => {
  const putOut = () => {
    newcomer.isPutOut = true;
  };
  const newcomer = { isLoggingIn, isPutOut: false, putOut };
  return newcomer;
};

test("of too many the oldest of the network that has most makes room, and not one whose login is looked up", () => {
  const newcomers = new Newcomers(4);
  const other = come();
  newcomers.add(other, "192.0.2.1");
  const clients = [come(true), come(), come(), come(), come()];
  const gone = clients.map((client, at) => newcomers.add(client, `2001:db8::${at}`));
  expect(gone).toEqual([false, false, false, true, true]);
  expect(clients.map(({ isPutOut }) => isPutOut)).toEqual([false, true, true, false, false]);
  expect([...newcomers]).toEqual([other, clients[0], clients[3], clients[4]]);
});

test("where the logins of all are looked up, the one that comes has no place", () => {
  const newcomers = new Newcomers(2);
  for (const client of [come(true), come(true)]) newcomers.add(client, "192.0.2.1");
  expect(newcomers.makeRoom()).toBe(false);
  const last = come();
  newcomers.add(last, "198.51.100.1");
  expect(last.isPutOut).toBe(true);
});
