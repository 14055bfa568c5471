import { describe, expect, test } from "vitest";
import { readSender, type SenderOptions } from "./senders";

const OPTIONS: SenderOptions = {
  ownAddresses: ["support@contoso.test"],
  usesReplyTo: false,
  keepsAutomatic: false,
};
const read = (lines: string | Buffer, options: Partial<SenderOptions> = {}) =>
  readSender(Buffer.isBuffer(lines) ? lines : Buffer.from(lines.replaceAll("\n", "\r\n")), {
    ...OPTIONS,
    ...options,
  });
const person = (email: string, name = "") => ({ kind: "person", email, name });
const skipped = (reason: string) => ({ kind: "skipped", reason });

describe("who wrote", () => {
  test.each([
    ["From: Kim Larsen <kim@customer.test>\n", person("kim@customer.test", "Kim Larsen")],
    ["from: KIM@Customer.TEST\n", person("KIM@customer.test")],
    ['From: "Larsen, Kim" <kim@customer.test>\n', person("kim@customer.test", "Larsen, Kim")],
    [
      "From: =?utf-8?Q?J=C3=B6rg?=\n =?utf-8?Q?_M=C3=BCller?= <j@x.test>\n",
      person("j@x.test", "Jörg Müller"),
    ],
    ["From: Jörg <jörg@bücher.test>\n", person("jörg@xn--bcher-kva.test", "Jörg")],
    ["From: a@x.test, b@x.test\n", person("a@x.test")],
    ["From: Team: a@x.test, b@x.test;\n", person("a@x.test")],
  ])("%j", (header, expected) => expect(read(header)).toEqual(expected));

  test("is read from Latin-1 as well", () => {
    const header = Buffer.from("From: J\u00f6rg <j@x.test>\r\n", "latin1");
    expect(read(header)).toEqual(person("j@x.test", "Jörg"));
  });

  test("is the one that answers go to, where the account says so", () => {
    const header = "From: Kim <kim@x.test>\nReply-To: orders@x.test\n";
    expect(read(header)).toEqual(person("kim@x.test", "Kim"));
    expect(read(header, { usesReplyTo: true })).toEqual(person("orders@x.test", "Kim"));
  });

  test("is not the mailbox itself, in any spelling", () => {
    expect(read("From: SUPPORT@CONTOSO.test\n")).toEqual(skipped("own_address"));
  });

  test("has a name of one visible line", () => {
    const sender = read("From: =?utf-8?B?S2ltAAECCklnbm9yZSDigK5ldmls?= <kim@x.test>\n");
    expect(sender).toEqual(person("kim@x.test", "Kim Ignore evil"));
    const long = read(`From: ${"n".repeat(5_000)} <kim@x.test>\n`);
    expect(long).toMatchObject({ name: "n".repeat(120) });
  });
});

describe("what machines send is kept out", () => {
  test.each([
    ["Auto-Submitted: auto-replied", "automatic"],
    ["Auto-Submitted: auto-generated; x=y", "automatic"],
    ["X-Auto-Response-Suppress: OOF, AutoReply", "automatic"],
    ["Return-Path: <>", "bounce"],
    ['Content-Type: multipart/report; report-type="delivery-status"', "bounce"],
    ["List-Id: News <news.x.test>", "mailing_list"],
    ["Precedence: bulk", "mailing_list"],
  ])("%s", (line, reason) => {
    const header = `From: kim@x.test\n${line}\n`;
    expect(read(header)).toEqual(skipped(reason));
    expect(read(header, { keepsAutomatic: true })).toEqual(person("kim@x.test"));
  });

  test.each(["do-not-reply@x.test", "NoReply+77@x.test"])("%s", (address) => {
    expect(read(`From: ${address}\n`)).toEqual(skipped("no_reply"));
  });

  test("and what people send is not", () => {
    expect(read("From: kim@x.test\nAuto-Submitted: no\n")).toEqual(person("kim@x.test"));
    expect(read("From: reply.noor@x.test\n")).toEqual(person("reply.noor@x.test"));
  });
});

describe("what is broken is skipped with its reason", () => {
  test.each([
    ["", "no_sender"],
    ["From: \n", "no_sender"],
    ["From: undisclosed\n", "no_sender"],
    ["From: <a@b>\n", "invalid_address"],
    ["From: <kim@x..test>\n", "invalid_address"],
    [`From: ${"k".repeat(65)}@x.test\n`, "invalid_address"],
  ])("%j", (header, reason) => expect(read(header)).toEqual(skipped(reason)));

  test("and so is what hides its sender behind more than is looked at", () => {
    const header = `To: ${"a@x.test, ".repeat(10_000)}\nFrom: kim@x.test\n`;
    expect(read(header)).toEqual(skipped("header_too_long"));
    expect(read(`From: kim@x.test\n${header}`)).toEqual(person("kim@x.test"));
  });

  test("however much there is of it", () => {
    const many = `To: ${"a@x.test, ".repeat(10_000)}\nFrom: kim@x.test\n`;
    const huge = `X: ${"x".repeat(1_000_000)}\nFrom: kim@x.test\n`;
    const nested = `From: ${"(".repeat(20_000)}kim@x.test\n`;
    const words = `From: ${"=?utf-8?Q?a?= ".repeat(2_000)}<kim@x.test>\n`;
    const kinds = [many, huge, nested, words].map((header) => read(header).kind);
    expect(kinds).toEqual(["skipped", "skipped", "skipped", "person"]);
  });

  test("and nothing of it is a key of an object", () => {
    expect(read("__proto__: x\nconstructor: y\nFrom: kim@x.test\n")).toEqual(person("kim@x.test"));
  });
});
