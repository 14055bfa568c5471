import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/**
 * Where what is read ends at a number of rows, and why nothing that somebody looks for is missing. Lists
 * have pages (findPage, findTurn), choices are searched (findChoices); neither stands here.
 */
const ENDS: Readonly<Record<string, string>> = {
  "lib/access/company/queries.ts take: NAMED": "Says how many more there are.",
  "lib/access/devices/attempts/queries.ts take: KEPT_ATTEMPTS": "No more are kept.",
  "lib/audit/trail/choices/queries.ts LIMIT 1":
    "The next different value, and the last name of each.",
  "lib/audit/trail/queries.ts LIMIT ${size + 1}": "A page, and whether there is another.",
  "lib/audit/trail/queries.ts LIMIT ${COUNTED_OF}": "counting: beyond it the total has a +",
  "lib/audit/trail/queries.ts LIMIT ${COUNT_CAP + 1}": "Shown as “1,000+”.",
  "lib/audit/trail/queries.ts LIMIT 1": "Whether there are more than are counted.",
  "lib/audit/trail/queries.ts LIMIT ${BATCH}": "One batch after the other, to the end.",
  "lib/checks/day/queries.ts LIMIT ${BEYOND_CAP}": "Shown as “20,000+”.",
  "lib/checks/day/queries.ts LIMIT ${STRIPS}": "Says how many more there are.",
  "lib/checks/queries.ts LIMIT 1": "The last good test, to compare with.",
  "lib/checks/runs/queries.ts LIMIT 1": "The last run, for its pace alone.",
  "lib/contacts/lists/queries.ts take: NAMED_ACCOUNTS": "Names; the count stands beside them.",
  "lib/contacts/queries.ts LIMIT ${BATCH}": "One batch after the other, to the end.",
  "lib/email-accounts/bulk/queries.ts LIMIT ${MAX_CHANGED + 1}":
    "More are refused, before anything is changed.",
  "lib/email-accounts/filters/choices/queries.ts LIMIT ${COUNT_CAP + 1}": "Shown as “1,000+”.",
  "lib/email-accounts/filters/queries.ts LIMIT ${BEYOND_CAP}": "Shown as “20,000+”.",
  "lib/email-accounts/filters/queries.ts LIMIT ${CAUSES_SHOWN}":
    "The page says how many accounts need attention in all.",
  "lib/installation/keys/queries.ts LIMIT 1": "Whether there is one.",
  "lib/kernel/events/queries.ts take: MAX_REPLAY + 2":
    "More is told as a gap: the page loads again.",
  "lib/letters/mailboxes/queries.ts LIMIT 1": "One is named; without the others it is asked again.",
  "lib/migration/queries.ts LIMIT ${BATCH}": "One batch after the other, to the end.",
  "lib/migration/queries.ts take: 1": "Whether there is one.",
  "lib/registrations/use/queries.ts LIMIT ${NAMED_IN_SCRIPT}": "Says how many more there are.",
  "lib/registrations/use/queries.ts take: 20": "Names; the count stands beside them.",
  "lib/sign-ins/unreturned/queries.ts LIMIT 1": "The last one alone.",
  "lib/sign-ins/links/queries.ts LIMIT 1": "The last letter with the link, which its row tells.",
  "lib/sign-ins/links/bulk/queries.ts LIMIT ${MAX_REVOKED + 1}":
    "More are refused, before anything is confirmed.",
  "lib/sign-ins/queries.ts take: 2": "Whether there is more than one.",
  "lib/watch/history/queries.ts LIMIT 1": "When recording began.",
  "lib/watch/warnings/queries.ts LIMIT ${CANDIDATES}": "The widest so far, of which one is chosen.",
  "lib/watch/warnings/queries.ts LIMIT ${COUNTED}":
    "Which incident is the widest is known by then.",
  "lib/watch/warnings/queries.ts LIMIT 1": "The worst; how many more there are stands beside it.",
  "lib/watch/incidents/titles/queries.ts LIMIT 1": "The next different remedy.",
  "lib/watch/incidents/list/queries.ts LIMIT ${WORST}": "Says how many more there are.",
  "lib/watch/incidents/list/queries.ts LIMIT ${COUNT_CAP + 1}": "Shown as “1,000+”.",
};

/** What stores read for themselves, a part at a time, and the few names that they pass on. */
const ENDS_OF_STORES: Readonly<Record<string, string>> = {
  "lib/access/company/store.ts LIMIT 1": "One session after the other, until none is due.",
  "lib/access/devices/places/store.ts LIMIT 1": "One place, or the one that names its mailbox.",
  "lib/access/devices/store.ts LIMIT 2": "Whether there is more than one.",
  "lib/access/passwords/store.ts take: 20": "Names; the count stands beside them.",
  "lib/audit/archive/store.ts LIMIT 1": "Where the archive begins and ends.",
  "lib/audit/archive/store.ts LIMIT ${DELETE_AT_ONCE}": "One batch after the other, to the end.",
  "lib/audit/archive/store.ts LIMIT ${READ_AT_ONCE}": "One batch after the other, to the end.",
  "lib/audit/store.ts LIMIT ${BATCH}": "One batch after the other, to the end.",
  "lib/audit/trail/store.ts LIMIT ${READ_OF_FOLD}":
    "An event tells of 200 objects: what a key does in an hour has fewer events.",
  "lib/checks/runs/groups/store.ts LIMIT ${NAMED_IN_SCRIPT}": "Says how many more there are.",
  "lib/checks/store.ts LIMIT ${DELETED_AT_ONCE}": "One batch after the other, to the end.",
  "lib/email-accounts/bulk/store.ts LIMIT ${MAX_CHANGED + 1}":
    "More are refused, before anything is changed.",
  "lib/installation/backup/store.ts LIMIT 1": "Whether there is one.",
  "lib/letters/outbox/store.ts LIMIT 1": "One letter after the other, until none is due.",
  "lib/registrations/rotations/store.ts LIMIT 1": "One provider after the other, while any is due.",
  "lib/sign-ins/device-codes/store.ts LIMIT 1": "One code after the other, while any is due.",
  "lib/sign-ins/links/bulk/store.ts LIMIT ${max + 1}":
    "More are refused, before anything is changed.",
  "lib/sign-ins/tokens/leases/store.ts LIMIT 1": "The one row that a key names.",
  "lib/watch/alerts/store.ts LIMIT 500": "The next look takes those that are left.",
  "lib/watch/alerts/store.ts take: 20": "Names; the count stands beside them.",
  "lib/watch/incidents/stopped/store.ts LIMIT ${limit}": "Says how many more there are.",
};

/** What pages and choices are made with: what they leave is found by turning, or by searching. */
const PAGING = /^lib\/kernel\/(paging|choices)\//;

test.each([
  ["query", "queries.ts", ENDS],
  ["store", "store.ts", ENDS_OF_STORES],
])("no %s ends at a number of rows without a reason", (_what, name, reasons) => {
  const paths = readdirSync("lib", { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(`/${name}`))
    .map((path) => join("lib", path))
    .filter((path) => !PAGING.test(path));
  expect(paths.length).toBeGreaterThan(20);
  const ends = paths.flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/\btake: [\w +]+|\bLIMIT (?:\$\{[^}]*\}|\d+)/g)].map(
      ([end]) => `${path} ${end}`,
    ),
  );
  expect([...new Set(ends)].sort()).toEqual(Object.keys(reasons).sort());
});
