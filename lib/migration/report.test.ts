import { beforeAll, expect, test } from "vitest";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { seedProvider } from "@/lib/testing/outage";
import { ALICE, accountForm } from "@/lib/testing/sign-in";
import { readSmtpAuthReport } from "./report";

withDatabase();
const ada = administrator();

beforeAll(async () => {
  const cloudProviderId = await seedProvider({ name: "Contoso" });
  const ofPassword = { modernAuthentication: false, password: "p" };
  const other = { key: "C", emailAddress: "sales@contoso.test", service: "yahoo" };
  for (const form of [
    { name: "Scanner", key: "A", ...ofPassword },
    { name: "Support", key: "B", emailAddress: "support@contoso.test", cloudProviderId },
    { name: "Yahoo", ...other, ...ofPassword },
  ])
    await createEmailAccount(ada, accountForm(form));
});

const read = (...lines: string[]) => readSmtpAuthReport(ada, Buffer.from(lines.join("\n")));

test("each sender with a password is told what to do, the busiest first", async () => {
  const { oauth, rows } = await read(
    "Sender address,Domain,TLS 1.0,TLS 1.1,TLS 1.2,Messages sent,Authentication protocol",
    `${ALICE.toUpperCase()},contoso.test,0%,0%,100%,7,Basic`,
    'support@contoso.test,contoso.test,0.00,12.5 %,87.5,"1,204",Basic auth',
    "sales@contoso.test,contoso.test,100,0,0,,",
    "nobody@contoso.test,contoso.test,0,0,100,3,basic",
    "bob@contoso.test,contoso.test,0,0,100,5000,OAuth",
  );
  expect(oauth).toBe(1);
  expect(
    rows.map((row) => [row.line, row.account?.name, row.next, row.messages, row.usesOldTls]),
  ).toEqual([
    [3, "Support", "replace_elsewhere", 1204, true],
    [2, "Scanner", "move", 7, false],
    [5, undefined, "add", 3, false],
    [4, "Yahoo", "change_service", null, true],
  ]);
});

test("a report of other words, or of senders alone, is read too", async () => {
  const sender = { senderAddress: ALICE, authentication: "unknown", messages: null };
  expect((await read("SenderAddress", ALICE)).rows).toMatchObject([sender]);
  const tabs = await read("Auth Protocol\tCount\tSender\tTLS1.0", `OAuth2\t1\t${ALICE}\t0`);
  expect(tabs).toEqual({ oauth: 1, rows: [] });
});

test.each([
  ["", /empty/],
  ["Domain,Messages sent\ncontoso.test,4", /“Sender address”/],
  [`Sender\n${"a@b.test\n".repeat(5001)}`, /5,000 lines/],
])("what is no such report is refused", async (text, message) => {
  const problem = { code: "unprocessable", message: expect.stringMatching(message) };
  await expect(read(text)).rejects.toMatchObject(problem);
});
