import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** What stores something for a person or a program without asking in its transaction, and why that is right. */
const ASKED_ELSEWHERE: Readonly<Record<string, string>> = {
  mailInvitation: "Sends a link that is void as soon as its maker may make none.",
  mailPasswordLink: "Sends a link that is void as soon as its maker may make none.",
};

const TAKES_ACTOR = /(?:async )?function (\w+)(?:<[^(]*>)?\(\s*actor: Actor\b/g;
const STORES = /\$transaction\(|\bserializable\(|\bwithAudit\(/;
const ASKS = /\bawait requireStanding\(tx, actor\b/;

const stored = readdirSync("lib/access", { recursive: true, encoding: "utf8" })
  .filter((path) => /(?<!\.test)\.ts$/.test(path))
  .flatMap((path) => {
    const text = readFileSync(`lib/access/${path}`, "utf8");
    return [...text.matchAll(TAKES_ACTOR)].map(({ index, 1: name = "" }) => ({
      name,
      body: text.slice(index).split(/\n\}\n/)[0] ?? "",
    }));
  })
  .filter(({ body }) => STORES.test(body));

test("what a person or a program stores in lib/access first asks whether it still may", () => {
  const asking = stored.filter(({ body }) => ASKS.test(body)).map(({ name }) => name);
  const silent = stored.filter(({ body }) => !ASKS.test(body)).map(({ name }) => name);
  expect(silent.sort()).toEqual(Object.keys(ASKED_ELSEWHERE).sort());
  expect(asking).toEqual(
    expect.arrayContaining(["decideAsAdministrator", "addPasskey", "linkIdentity", "createApiKey"]),
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
