import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { administrator } from "@/lib/testing/actors";
import type { AuditRow } from "./schema";
import { detailsOf, idsIn, sentenceOf } from "./sentences";
import { actionInWords, VERBS, verbOf } from "./verbs";

const ada = administrator("Ada");
const row = (fields: Partial<AuditRow>): AuditRow => ({
  id: "1",
  at: new Date("2026-11-27T11:00:04Z"),
  actorKind: ada.kind,
  actorId: ada.id,
  actorName: ada.name,
  action: "email_account.update",
  objectKind: "email_account",
  objectId: "1",
  objectName: "Sales",
  detail: {},
  address: null,
  folded: null,
  ...fields,
});
const said = (fields: Partial<AuditRow>) => {
  const { verb, object, rest } = sentenceOf(row(fields));
  return [verb, object, rest].filter(Boolean).join(" ");
};

const refused = { action: "session.refuse", objectName: "" };
const link = { action: "sign_in_link.create", objectKind: "cloud_provider", objectName: "Contoso" };
const one = { links: 1, usernames: ["alice@contoso.com"] };
const list = { changed: ["List"], before: { List: null }, after: { List: "B" } };
const folded = { events: 50, uses: 0, since: null, names: ["Sales", "Support"], operations: [] };

test.each<[string, Partial<AuditRow>]>([
  ["failed to sign in as an unknown user", refused],
  [
    "failed to sign in as max at Contoso",
    { ...refused, objectName: "max", detail: { company: "Contoso" } },
  ],
  ["did “paint” to the email account Sales", { action: "email_account.paint" }],
  ["created a sign-in link for alice@contoso.com at Contoso", { ...link, detail: one }],
  [
    "created 1,044 sign-in links for mailboxes at Contoso",
    { ...link, detail: { ...one, links: 1_044 } },
  ],
  ["invited a person", { action: "administrator.invite", objectName: "" }],
  ["changed the List of Sales from none to B", { detail: list }],
  ["connected to the gateway", { action: "device.use", detail: { outcome: "ok" } }],
  ["was refused at the gateway", { action: "device.use", detail: { outcome: "paused" } }],
  ["changed the Name and Key of Sales", { detail: { changed: ["Name", "Key"] } }],
  ["changed 4 fields of Sales", { detail: { changed: ["A", "B", "C", "D"] } }],
  ["changed the List of 50 email accounts to B", { detail: { ...list, together: 50 }, folded }],
  ["deleted 50 email accounts", { action: "email_account.delete", folded }],
])("an event reads as a sentence: %s", (sentence, fields) => expect(said(fields)).toBe(sentence));

test("every action that Postkey writes down has a verb, and a choice that is no broken phrase", () => {
  const written = readdirSync("lib", { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
    .flatMap((path) => readFileSync(`lib/${path}`, "utf8").split("\n"))
    .filter((line) => /\baction\b/.test(line))
    .flatMap((line) =>
      [...line.matchAll(/"([a-z_]+\.[a-z_]+)"/g)].map(([, action = ""]) => action),
    );
  expect(new Set(written).size).toBeGreaterThan(25);
  expect(written.filter((action) => verbOf(action).startsWith("did “"))).toEqual([]);
  const dangling = / (?:at|as|to|of|from|for|into|through|by|the|an?)$/;
  expect(Object.keys(VERBS).filter((action) => dangling.test(actionInWords(action)))).toEqual([]);
});

test("details are what the sentence leaves out, without their long parts, which the export has", () => {
  expect(detailsOf(row({ detail: list, folded }))).toEqual(["Sales, Support and 48 more"]);
  const objects = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`o${at}`, 1]));
  expect(detailsOf(row({ detail: { count: 200, objects } }))).toEqual([
    "Count: 200",
    expect.stringMatching(/^Objects: O0: 1, .* and 188 more$/),
  ]);
  expect(detailsOf(row({ detail: { addresses: [] } }))).toEqual([]);
  const [emailAccountId, gone] = [1, 2].map((n) => `3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a1${n}`);
  const made = row({ detail: { emailAccountId, accountIds: [emailAccountId, gone] } });
  expect(idsIn([made])).toEqual([emailAccountId, gone]);
  const named = ["Email account: Sales", `Account: Sales, ${gone}`];
  expect(detailsOf(made, new Map([[emailAccountId ?? "", "Sales"]]))).toEqual(named);
});

const operations = [
  { operation: "listEmailAccounts", uses: 1_200 },
  { operation: "getContact", uses: 31 },
  { operation: "listIncidents", uses: 12 },
];
test.each<[string, object, { uses: number; operations?: typeof operations }]>([
  ["fetched an access token", { operation: "getAccessToken", status: 200 }, { uses: 1 }],
  ["fetched 214 access tokens", { operation: "getAccessToken", status: 200 }, { uses: 214 }],
  [
    "was refused 2 times at “get access token”",
    { operation: "getAccessToken", status: 403 },
    { uses: 2 },
  ],
  ["made 9 requests", { status: 200 }, { uses: 9 }],
  [
    "listed email accounts 1,200 times, read contact 31 times, and 12 other reads",
    { operation: "getContact", status: 200 },
    { uses: 1_243, operations },
  ],
])("the uses of a key: %s", (sentence, detail, uses) => {
  const since = new Date("2026-11-27T10:00:00Z");
  const together = { events: 3, since, names: [], operations: [], ...uses };
  const fields = {
    actorKind: "api_key",
    detail: { ...detail, count: uses.uses },
    folded: together,
  };
  expect(said({ action: "api_key.use", ...fields })).toBe(
    `${sentence} between 10:00 and 11:00 UTC`,
  );
});
