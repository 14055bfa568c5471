import { expect, test } from "vitest";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { IMPORT_MAX_BYTES } from "@/lib/kernel/imports/schema";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { importContacts } from "./run";
import { IMPORT_MAX_ROWS } from "./schema";

withDatabase();
const ada = administrator();

const fill = (email: (at: number) => string, name: string) => {
  const size = Buffer.byteLength(`${email(99_999)},${name}\n`);
  const count = Math.min(IMPORT_MAX_ROWS, Math.floor((IMPORT_MAX_BYTES - 100) / size));
  return `email,name\n${Array.from({ length: count }, (_, at) => `${email(at)},${name}`).join("\n")}`;
};
const plain = (at: number) => `c${at}@x.example`;
const marks = (count: number) => "\u0301\u0323".repeat(count);

test.each([
  ["letters with thousands of marks", fill(plain, `e${marks(2_000)}`)],
  ["addresses with hundreds of marks", fill((at) => `c${at}${marks(450)}@x.example`, "Z")],
])("the longest file of %s holds nobody up", async (what, file) => {
  const { id: contactListId } = await createContactList(ada, { name: what });
  const watch = watchPauses();
  await importContacts(ada, { contactListId, isDryRun: true, file: Buffer.from(file) });
  expect(watch()).toBeLessThan(500);
});

/**
 * Milliseconds of the processor: what a busy neighbour takes does not count.
 * @returns what ends it, and returns the longest time in which nothing else had a turn
 */
function watchPauses(): () => number {
  let [last, longest] = [process.cpuUsage(), 0];
  const look = () => {
    const { user, system } = process.cpuUsage(last);
    longest = Math.max(longest, (user + system) / 1_000);
    last = process.cpuUsage();
  };
  const timer = setInterval(look, 5);
  return () => {
    clearInterval(timer);
    look();
    return longest;
  };
}
