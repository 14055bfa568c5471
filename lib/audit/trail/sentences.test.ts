import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { administrator, program } from "@/lib/testing/actors";
import type { AuditRow } from "./schema";
import { detailsOf, objectOf, sentenceOf } from "./sentences";
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

describe("an event reads as a sentence", () => {
  test.each([
    ["session.begin", "Ada", "signed in", ""],
    ["session.refuse", "Ada", "failed to sign in as", "Ada"],
    ["session.refuse", "", "failed to sign in as", "an unknown user"],
    ["cloud_provider.create", "Contoso", "added the cloud provider", "Contoso"],
    ["cloud_provider.update_client_secret", "Contoso", "updated the client secret of", "Contoso"],
    ["alert_channel.paint", "Team", "did “paint” to the alert channel", "Team"],
  ])("%s of “%s”", (action, objectName, ...sentence) => {
    expect([verbOf(action), objectOf({ action, objectName })]).toEqual(sentence);
  });

  test("that says whom links and invitations are for, and how many there are", () => {
    const at = { objectKind: "cloud_provider", objectName: "Contoso" };
    const action = "sign_in_link.create";
    const one = { links: 1, usernames: ["alice@contoso.com"] };
    expect(said({ ...at, action, detail: one })).toBe(
      "created a sign-in link for alice@contoso.com at Contoso",
    );
    expect(said({ ...at, action, detail: { ...one, links: 1_044 } })).toBe(
      "created 1,044 sign-in links for mailboxes at Contoso",
    );
    const invite = { action: "administrator.invite", objectKind: "invitation" };
    expect(said({ ...invite, objectName: "Max Guest" })).toBe("invited Max Guest");
    expect(said({ ...invite, objectName: "" })).toBe("invited a person");
  });

  test("that says at which company somebody was refused, and why", () => {
    const reason = "Your company gave you no role in Postkey.";
    const detail = { company: "Contoso", cause: "company.no_role", reason };
    const refused = { action: "session.refuse", objectName: "max@contoso.example", detail };
    expect(said(refused)).toBe("failed to sign in as max@contoso.example at Contoso");
    expect(detailsOf(row(refused))).toContain(`Reason: ${reason}`);
  });

  test("and no choice among the actions ends in the middle of a phrase", () => {
    const dangling = / (?:at|as|to|of|from|for|in|into|through|by|the|an?)$/;
    const known = Object.keys(VERBS).filter((action) => dangling.test(actionInWords(action)));
    // “Signed in” is whole.
    expect(known).toEqual(["session.begin", "session.refuse", "authorization.sign_in"]);
  });

  test("with a verb of its own for whatever Postkey writes down", () => {
    const written = readdirSync("lib", { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
      .flatMap((path) => readFileSync(`lib/${path}`, "utf8").split("\n"))
      .filter((line) => /\baction\b/.test(line))
      .flatMap((line) =>
        [...line.matchAll(/"([a-z_]+\.[a-z_]+)"/g)].map(([, action = ""]) => action),
      );
    expect(new Set(written).size).toBeGreaterThan(25);
    expect(written.filter((action) => verbOf(action).startsWith("did “"))).toEqual([]);
  });

  test("that says what one field held and holds", () => {
    const detail = { version: 2, changed: ["List"], before: { List: "A" }, after: { List: "B" } };
    expect(said({ detail })).toBe("changed the List of Sales from A to B");
    expect(detailsOf(row({ detail }))).toEqual(["List: A → B"]);
    const none = { ...detail, before: { List: null }, after: { List: "x".repeat(80) } };
    expect(said({ detail: none })).toBe(
      `changed the List of Sales from none to ${"x".repeat(60)}…`,
    );
  });

  test("that names a few fields, and counts many", () => {
    const changed = ["Name", "Key", "List", "Hosts"];
    expect(said({ detail: { changed: changed.slice(0, 3) } })).toBe(
      "changed the Name, Key, and List of Sales",
    );
    expect(said({ detail: { changed } })).toBe("changed 4 fields of Sales");
    expect(detailsOf(row({ detail: { version: 3, changed } }))).toEqual([
      "Changed: Name, Key, List, Hosts",
    ]);
  });

  test("about all that one act changed", () => {
    const names = ["Sales", "Support"];
    const folded = { events: 50, uses: 0, since: null, names, operations: [] };
    const detail = { changed: ["List"], before: { List: "A" }, after: { List: "B" }, together: 50 };
    expect(said({ detail, folded })).toBe("changed the List of 50 email accounts to B");
    expect(said({ action: "email_account.delete", detail: { together: 50 }, folded })).toBe(
      "deleted 50 email accounts",
    );
    expect(said({ action: "contact.move", objectKind: "contact", folded })).toBe(
      "moved to another list 50 contacts",
    );
    expect(detailsOf(row({ detail, folded }))).toEqual(["Sales, Support and 48 more"]);
  });

  test("without its long parts, which the export has", () => {
    const objects = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`o${at}`, 1]));
    expect(detailsOf(row({ detail: { count: 200, objects } }))).toEqual([
      "Count: 200",
      expect.stringMatching(/^Objects: O0: 1, .* and 188 more$/),
    ]);
    expect(detailsOf(row({ detail: null }))).toEqual([]);
  });
});

const SINCE = new Date("2026-11-27T10:00:00Z");

describe("the uses of a key", () => {
  const motion = program("tokens:read");
  const use = (detail: { operation?: string; status: number }, uses: number) =>
    said({
      action: "api_key.use",
      actorKind: motion.kind,
      detail: { ...detail, count: uses },
      folded: { events: 3, uses, since: SINCE, names: [], operations: [] },
    });

  test.each([
    [{ operation: "getAccessToken", status: 200 }, 214, "fetched 214 access tokens"],
    [{ operation: "getAccessToken", status: 200 }, 1, "fetched an access token"],
    [{ operation: "listEmailAccounts", status: 200 }, 1_200, "listed email accounts 1,200 times"],
    [{ operation: "getAccessToken", status: 403 }, 2, "was refused 2 times at “get access token”"],
    [{ status: 200 }, 9, "made 9 requests"],
  ])("%j, %i times", (detail, uses, sentence) => {
    expect(use(detail, uses)).toBe(`${sentence} between 10:00 and 11:00 UTC`);
  });

  test("with several operations says how many and of what", () => {
    const operations = [
      { operation: "listEmailAccounts", uses: 1_200 },
      { operation: "getContact", uses: 31 },
      { operation: "listIncidents", uses: 11 },
      { operation: "getEmailAccount", uses: 1 },
    ];
    const folded = { events: 9, uses: 1_243, since: SINCE, names: [], operations };
    const detail = { operation: "getContact", status: 200, count: 1 };
    const reads = row({ action: "api_key.use", detail, folded });
    expect(sentenceOf(reads).verb).toBe(
      "listed email accounts 1,200 times, read contact 31 times, and 12 other reads between 10:00 and 11:00 UTC",
    );
    expect(detailsOf(reads)).toEqual([
      "Listed email accounts 1,200 times",
      "Read contact 31 times",
      "Listed incidents 11 times",
      "Read email account",
    ]);
    const two = { ...folded, operations: operations.slice(0, 2) };
    expect(sentenceOf({ ...reads, folded: two }).verb).toBe(
      "listed email accounts 1,200 times and read contact 31 times between 10:00 and 11:00 UTC",
    );
  });
});

test.each([
  ["session.refuse", "Failed to sign in"],
  ["company_sign_in.create", "Added a company sign-in"],
  ["api_key.create", "Created an API key"],
  ["sign_in_link.settings", "Changed what is sent automatically"],
])("the action %s is a choice of its own as %j", (action, text) => {
  expect(actionInWords(action)).toBe(text);
});
