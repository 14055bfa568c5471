import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** Where what decides who comes in, and where links to people go, is stored. */
const ROOMS = ["lib/access", "lib/watch/alerts"];

const TAKES_ACTOR = /(?:async )?function (\w+)(?:<[^(]*>)?\(\s*actor: Actor\b/g;
const STORES = /\$transaction\(|\b(?:serializable|decideAboutPeople|inTurn)\(|\bwithAudit\(/;
const ASKS = /\bawait requireStanding\(tx, actor\b/;

const stored = ROOMS.flatMap((room) =>
  readdirSync(room, { recursive: true, encoding: "utf8" }).map((path) => `${room}/${path}`),
)
  .filter((path) => /(?<!\.test)\.ts$/.test(path))
  .flatMap((path) => {
    const text = readFileSync(path, "utf8");
    return [...text.matchAll(TAKES_ACTOR)].map(({ index, 1: name = "" }) => ({
      name,
      body: text.slice(index).split(/\n\}\n/)[0] ?? "",
    }));
  })
  .filter(({ body }) => STORES.test(body));

test("what a person or a program stores there first asks whether it still may", () => {
  const asking = stored.filter(({ body }) => ASKS.test(body)).map(({ name }) => name);
  const silent = stored.filter(({ body }) => !ASKS.test(body)).map(({ name }) => name);
  expect(silent).toEqual([]);
  expect(asking).toEqual(
    expect.arrayContaining([
      "decideAsAdministrator",
      "addPasskey",
      "linkIdentity",
      "createAlertChannel",
    ]),
  );
});

/** The question stands first: a row that was written before it would be taken in another order. */
test("and nothing stands before the question", () => {
  const late = stored.filter(({ body }) => {
    const [, work = ""] = body.split(/async \(tx\) => \{\n/);
    return ASKS.test(body) && !/^\s*await requireStanding\(tx, actor\b/.test(work);
  });
  expect(late.map(({ name }) => name)).toEqual([]);
});
