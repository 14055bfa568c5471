import { expect, test } from "vitest";
import { counted } from "@/lib/kernel/text/schema";
import { productSources, type Source } from "@/lib/testing/sources";

/** A number in a text, and in the plural what it counts. */
const PLURAL =
  /\$\{[a-z][\w.]*(?:\.toLocaleString\("en"\))?\} (?:[a-z]+ )?(?:accounts|people|links|items|days|hours|minutes|seconds|months|events|lines|mailboxes|messages|characters|contacts|devices|times)\b/;
/** What is written otherwise for one alone, within these lines. */
const TELLS_ONE = /=== 1|> 1\b/;
const LINES_BEFORE = 3;

/** Numbers that are never one. */
const MORE_THAN_ONE: Readonly<Record<string, string>> = {
  'app/(console)/email/sign-in-links/links-dialog.tsx ${links.length.toLocaleString("en")} links':
    "One link is copied by another button.",
  "app/(console)/overview/coming-up.tsx ${days} days": "Sixty.",
  "app/(console)/settings/cloud-providers/[cloudProviderId]/unreturned-sign-in.tsx ${minutes} minutes":
    "At least two.",
  "app/(console)/settings/cloud-providers/secret-expiry-field.tsx ${months} months": "6, 12, 24.",
  'components/command-text.tsx ${lines.length.toLocaleString("en")} lines':
    "More than are shown folded.",
  'lib/kernel/imports/schema.ts ${maxRows.toLocaleString("en")} lines': "Thousands.",
  'lib/kernel/text/read-csv.ts ${maxRows.toLocaleString("en")} lines': "Thousands.",
  "lib/mail/sign-in-line.ts ${length} characters": "Of a token.",
  'lib/sign-ins/links/bulk/schema.ts ${max.toLocaleString("en")} links': "Thousands.",
  "lib/watch/alerts/channels/store.ts ${other.name} sends links": "No number.",
  "lib/watch/calendar/queries.ts ${days} days": "Of an interval for the database.",
};

function pluralsOf({ file, text }: Source): string[] {
  const lines = text.split("\n");
  return lines.flatMap((line, at) => {
    const near = lines.slice(Math.max(0, at - LINES_BEFORE), at + 1).join("\n");
    const [found] = TELLS_ONE.test(near) ? [] : (PLURAL.exec(line) ?? []);
    return found ? [`${file} ${found}`] : [];
  });
}

test("a number that may be one is written with what it counts by “counted”", () => {
  const found = productSources().flatMap(pluralsOf);
  expect([...new Set(found)].sort()).toEqual(Object.keys(MORE_THAN_ONE).sort());
});

test.each([
  [0, "0 accounts"],
  [1, "1 account"],
  [12_345, "12,345 accounts"],
])("%i is “%s”", (count, text) => {
  expect(counted(count, "account")).toBe(text);
  expect(counted(1, "mailbox", "mailboxes")).toBe("1 mailbox");
  expect(counted(2, "mailbox", "mailboxes")).toBe("2 mailboxes");
});
