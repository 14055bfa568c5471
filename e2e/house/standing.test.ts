import { expect, test } from "vitest";
import { actorFunctions } from "@/lib/testing/actor-functions";

/** Where what decides who comes in is stored. */
const ROOMS = /^lib\/(?:people|programs|devices)\//;

const STORES = /\$transaction\(|\b(?:serializable|decideAboutPeople|inTurn)\(|\bwithAudit\(/;
const ASKS = /\bawait requireStanding\(tx, actor\b/;

const stored = actorFunctions().filter(({ file, text }) => ROOMS.test(file) && STORES.test(text));

test("what a person or a program stores there first asks whether it still may", () => {
  const asking = stored.filter(({ text }) => ASKS.test(text)).map(({ name }) => name);
  const silent = stored.filter(({ text }) => !ASKS.test(text)).map(({ name }) => name);
  expect(silent).toEqual([]);
  expect(asking).toEqual(
    expect.arrayContaining(["beginAuthenticator", "addPasskey", "linkIdentity"]),
  );
});

test("and a command that stores something there is a decision, which asks", () => {
  const commands = actorFunctions().filter(
    ({ file, text }) => ROOMS.test(file) && /= command\(\{[\s\S]*^ {2}async run\(/m.test(text),
  );
  expect(commands.map(({ name }) => name)).toEqual([]);
});

/** The question stands first: a row that was written before it would be taken in another order. */
test("and nothing stands before the question", () => {
  const late = stored.filter(({ text }) => {
    const [, work = ""] = text.split(/async \(tx\) => \{\n/);
    return ASKS.test(text) && !/^\s*await requireStanding\(tx, actor\b/.test(work);
  });
  expect(late.map(({ name }) => name)).toEqual([]);
});
