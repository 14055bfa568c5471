import { beforeEach, describe, expect, test } from "vitest";
import { isAvailable, unavailableReason } from "@/e2e/servers/mail-servers";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { contactEmails as contacts, withKeeper as withAny } from "@/lib/testing/capture";
import { withDatabase } from "@/lib/testing/database";
import { withDovecot } from "@/lib/testing/dovecot";
import { claimInboxes } from "./leases/store";
import { findCapture } from "./queries";

withDatabase();
const dovecot = withDovecot();
const ada = administrator();

describe.skipIf(!isAvailable())(`an inbox at Dovecot ${unavailableReason() ?? ""}`, () => {
  let number = 0;
  let user: string;
  let emailAccountId: string;

  beforeEach(async () => {
    await db().emailAccount.deleteMany();
    await db().contactList.deleteMany();
    number += 1;
    user = `inbox${number}@contoso.test`;
    const { id: contactListId } = await createContactList(ada, { name: "Customers" });
    const form = dovecot().accountForm(user, { contactListId });
    ({ id: emailAccountId } = await createEmailAccount(ada, form));
  });

  const state = () => db().captureState.findUnique({ where: { emailAccountId } });
  const isRead = (messages: number) =>
    expect.poll(async () => Number((await state())?.messages), { timeout: 20_000 }).toBe(messages);
  const isFollowed = () =>
    expect.poll(async () => (await state())?.followingSince, { timeout: 20_000 }).toBeTruthy();

  const withKeeper = (work: () => Promise<void>) => withAny(() => isFollowed().then(work));

  const put = (from: string, body = "Hello!") =>
    dovecot().inboxes.put(
      user,
      `From: ${from}\r\nTo: ${user}\r\nSubject: A question\r\n\r\n${body}\r\n`,
    );

  test("is followed: a new sender is saved, and nothing in it changes", async () => {
    await put("before@customer.example");
    await withKeeper(async () => {
      await put("Kim <kim@customer.example>");
      await expect.poll(contacts, { timeout: 20_000 }).toEqual(["kim@customer.example"]);
      await put("lee@customer.example");
      await isRead(2);
    });
    // SELECT would have moved them to cur and taken \Recent; reading would have added S.
    expect((await dovecot().inboxes.files(user)).every((name) => !name.includes(":2,"))).toBe(true);
  });

  test("is read on from where it was left, once each, over restarts", async () => {
    await withKeeper(async () => {
      await put("first@customer.example");
      await isRead(1);
    });
    for (const name of ["a", "b", "c"]) await put(`${name}@customer.example`);
    await withKeeper(() => isRead(4));
    await withKeeper(async () => {
      await put("last@customer.example");
      await isRead(5);
    });
    expect(await state()).toMatchObject({ messages: 5n, captured: 5n });
    const { hosts } = dovecot().accountForm(user, {});
    await db().emailAccount.updateMany({ data: { hosts: { ...hosts, imap: null } } });
    expect(await claimInboxes("keeper", 1)).toEqual([]);
  });

  test("may hold anything: each message is saved or left out with its reason, and reading goes on", async () => {
    const many = "many@x.example, ".repeat(10_000);
    const hostile: (Buffer | string)[] = [
      "",
      "\r\n",
      "no header at all",
      "Subject: nobody\r\n\r\n",
      "From: \r\n\r\n",
      "From: undisclosed-recipients:;\r\n\r\n",
      "From: <<<>>>@@@\r\n\r\n",
      `From: ${user}\r\n\r\n`,
      `From: ceo@contoso.test\r\nFrom: second@customer.example\r\n\r\n`,
      "From: =?utf-8?B?!!!!?= <word@customer.example>\r\n\r\n",
      "From: =?no-such-charset?Q?=FF=FE?= <charset@customer.example>\r\n\r\n",
      "From: control\u0001\u0008\u001b[31m <control@customer.example>\r\n\r\n",
      "From: a\u0000b@customer.example\r\n\r\n",
      Buffer.from("From: J\xf6rg <latin@customer.example>\r\n\r\n", "latin1"),
      "From: bare\n <bare@customer.example>\nSubject: bare line ends\n\nx",
      "From: cr <cr@customer.example>\rSubject: old line ends\r\rx",
      "From: open <open@customer.example>\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n",
      `From: deep <deep@customer.example>\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n${"--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n".repeat(2_000)}`,
      `From: all <recipients@customer.example>\r\nTo: ${many}\r\n\r\n`,
      `To: ${many}\r\nFrom: behind@customer.example\r\n\r\n`,
      `X-Junk: ${"x".repeat(1_000_000)}\r\nFrom: behind@customer.example\r\n\r\n`,
      `From: long <long@customer.example>\r\n${"X-Junk: y\r\n".repeat(100_000)}\r\n`,
      `From: ${"n".repeat(1_000_000)} <name@customer.example>\r\n\r\n`,
      `From: ${"(".repeat(50_000)}nested@customer.example\r\n\r\n`,
      "Return-Path: <>\r\nFrom: bounce@customer.example\r\n\r\n",
      Buffer.from(Array.from({ length: 4_096 }, (_, index) => index % 256)),
    ];
    await withKeeper(async () => {
      for (const message of hostile) await dovecot().inboxes.put(user, message);
      await isRead(hostile.length);
      await put("last@customer.example");
      await isRead(hostile.length + 1);
    });
    const saved = await contacts();
    expect(saved).toContain("last@customer.example");
    for (const name of ["word", "charset", "latin", "bare", "open", "deep", "recipients", "long"])
      expect(saved).toContain(`${name}@customer.example`);
    const names = (await db().contact.findMany()).map(({ name }) => name).join("");
    expect(names).not.toMatch(/[\p{Cc}]/u);
    const capture = await findCapture(ada, emailAccountId);
    const left = Object.values(capture?.skipped ?? {}).reduce((sum, count) => sum + count, 0);
    expect(left + (capture?.captured ?? 0)).toBe(hostile.length + 1);
    expect(capture?.skipped).toMatchObject({ own_address: 1, bounce: 1, header_too_long: 4 });
    expect(await state()).toMatchObject({ failures: 0, lastUid: BigInt(hostile.length + 1) });
  });
});
