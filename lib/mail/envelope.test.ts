import { expect, test } from "vitest";
import { readEnvelope } from "./header-fields";

const read = (...lines: string[]) => readEnvelope(Buffer.from(`${lines.join("\r\n")}\r\n\r\n`));

test("an envelope says who, to whom, what and when", () => {
  expect(
    read(
      "From: =?UTF-8?Q?Zo=C3=AB?= <zoe@contoso.test>",
      "To: support@contoso.test",
      "Subject: =?UTF-8?B?T8O5IGVzdCBtYSBjb21tYW5kZT8=?=",
      "Date: Wed, 25 Nov 2026 09:10:11 +0100 (CET)",
      "Message-ID: <1@contoso.test>",
    ),
  ).toEqual({
    from: "Zoë <zoe@contoso.test>",
    to: "support@contoso.test",
    subject: "Où est ma commande?",
    sentAt: new Date("2026-11-25T08:10:11Z"),
    messageId: "<1@contoso.test>",
  });
});

test.each([
  ["nothing", Buffer.alloc(0)],
  ["bytes that are no text", Buffer.from([0xff, 0xfe, 0, 1, 2, 13, 10])],
  ["a field that never ends", Buffer.from(`Subject: ${"x".repeat(1_000_000)}`)],
  ["a header that is cut off", Buffer.from("Subject: =?UTF-8?B?T8O5IGV")],
  ["ten thousand recipients", Buffer.from(`To: ${"a@b.test, ".repeat(10_000)}\r\n\r\n`)],
])("of %s is short and safe to show", (_what, header) => {
  const { subject, from, to, messageId } = readEnvelope(header);
  for (const text of [subject, from, to, messageId]) {
    expect([...text].length).toBeLessThanOrEqual(420);
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  }
});

test("marks that rewrite a line are taken out", () => {
  const { subject, from } = read(
    "Subject: invoice\u202Efdp.exe \u200Bnow\u0007",
    'From: "pay\u2066pal" <eve@evil.test>',
  );
  expect(subject).toBe("invoicefdp.exe now");
  expect(from).toBe("paypal <eve@evil.test>");
});

test("a date that is none is none", () => {
  expect(read("Date: yesterday").sentAt).toBeNull();
  expect(read("Subject: x").sentAt).toBeNull();
});
