import { expect, onTestFinished, test } from "vitest";
import { withDatabase } from "@/lib/testing/database";
import { DatabaseClient } from "./database-client.mjs";
import { urlPerHost } from "./database-hosts.mjs";
import { env } from "./env";

withDatabase();

test("each host has an address of its own", () => {
  const one = "postgresql://u:p,w@one:5432/db?x=a,b";
  expect(urlPerHost(one)).toEqual([one]);
  expect(urlPerHost("postgresql://u:p,w@one:1,[::1]:2,two/db?x=a,b")).toEqual([
    "postgresql://u:p,w@one:1/db?x=a,b",
    "postgresql://u:p,w@[::1]:2/db?x=a,b",
    "postgresql://u:p,w@two/db?x=a,b",
  ]);
  expect(urlPerHost("postgresql://one,two")).toEqual(["postgresql://one", "postgresql://two"]);
  for (const folder of ["postgresql:///db?host=/run/a,b", "postgresql://%2Frun/db"])
    expect(urlPerHost(folder)).toEqual([folder]);
});

/** A client of this file's database and of a port where nothing listens. */
function clientOf(change: (url: URL) => void = () => {}) {
  const url = new URL(env().databaseUrl);
  change(url);
  const connectionString = url.href.replace(url.host, `127.0.0.1:1,${url.host}`);
  const client = new DatabaseClient({ connectionString });
  client.on("error", () => {});
  onTestFinished(() => client.end());
  return client;
}

test("a host that is away is passed over, in both ways to connect", async () => {
  const port = Number(new URL(env().databaseUrl).port);
  const client = clientOf();
  await client.connect();
  expect([client.port, (await client.query("SELECT 1 AS one")).rows]).toEqual([port, [{ one: 1 }]]);
  const other = clientOf();
  expect(await new Promise((done) => other.connect(done))).toBeNull();
});

test("when no host can be used, the one that answers says why", async () => {
  const wrong = clientOf((url) => {
    url.password = "wrong";
  });
  await expect(wrong.connect()).rejects.toMatchObject({ code: "28P01" });
  const away = clientOf((url) => {
    url.port = "2";
  });
  await expect(away.connect()).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test("a client that is ended while it looks for its host makes no connection", async () => {
  const client = clientOf();
  const connecting = client.connect();
  await client.end();
  await expect(connecting).rejects.toThrow("Connection terminated");
});
