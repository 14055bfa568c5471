import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataEnd } from "./data-end";
import { HeaderFrom, HeaderTooLarge, MAX_HEADER } from "./header-from";

const ACCOUNT = "scans@contoso.test";
const mayStay = (address: string) => address.toLowerCase() === ACCOUNT;

/** In pieces of a size, as the relay does it: up to the end of the message. */
function pass(message: string, size = message.length): string {
  const from = new HeaderFrom({ address: ACCOUNT, mayStay });
  const end = new DataEnd();
  const bytes = Buffer.from(`${message}\r\n.\r\n`, "latin1");
  let passed = "";
  for (let at = 0; at < bytes.length; at += size) {
    const part = end.next(bytes.subarray(at, at + size));
    passed += from.next(part.bytes, { isLast: part.behind !== undefined }).toString("latin1");
  }
  return passed.replace(/\r\n\.\r\n$/, "");
}

describe("the From of a message", () => {
  const OWN = "From: <scans@contoso.test>\r\n";
  test.each([
    [
      "becomes the account's, and Reply-To the one of before",
      "Subject: x\r\nFrom: Scanner <mfp@printer.local>\r\nTo: a@b.test\r\n\r\nText",
      "Subject: x\r\nFrom: Scanner <scans@contoso.test>\r\nReply-To: Scanner <mfp@printer.local>\r\nTo: a@b.test\r\n\r\nText",
    ],
    [
      "leaves a Reply-To that is there",
      "from: mfp@printer.local\r\nReply-To: help@contoso.test\r\n\r\nText",
      `${OWN}Reply-To: help@contoso.test\r\n\r\nText`,
    ],
    [
      "is the only sender that the account may not use",
      `${OWN}Sender: boss@contoso.test\r\nResent-From: Boss\r\n <boss@contoso.test>\r\nResent-Sender: scans@contoso.test\r\n\r\n`,
      `${OWN}Resent-Sender: scans@contoso.test\r\n\r\n`,
    ],
    ["leaves no empty Reply-To", "From: \r\nX: y\r\n\r\nText", `${OWN}X: y\r\n\r\nText`],
    ["leaves no Reply-To without an address", "From: <>\r\n\r\nText", `${OWN}\r\nText`],
    [
      "has no name that is longer than a line may be",
      `From: ${"Scanner\r\n ".repeat(200)}<a@b.test>\r\nReply-To: a@b.test\r\n\r\nText`,
      `${OWN}Reply-To: a@b.test\r\n\r\nText`,
    ],
    [
      "is found where lines end in one CR too many",
      `From: a@b.test\r\r\nReply-To: a@b.test\r\r\n\r\r\n${"Text\r\r\n".repeat(20_000)}`,
      `${OWN}Reply-To: a@b.test \r\n\r\n${"Text\r\r\n".repeat(20_000)}`,
    ],
    [
      "stays where the account may use it",
      'From: "Scans" <SCANS@contoso.test>\r\nX: y\r\n\r\nFrom: a@b.test',
      'From: "Scans" <SCANS@contoso.test>\r\nX: y\r\n\r\nFrom: a@b.test',
    ],
    [
      "is replaced with its folded lines",
      "From: Scanner\r\n\t<mfp@printer.local>\r\nX: y\r\n\r\n",
      "From: Scanner <scans@contoso.test>\r\nReply-To: Scanner\r\n\t<mfp@printer.local>\r\nX: y\r\n\r\n",
    ],
    [
      "is also one behind a dot that was put before its line",
      `${OWN}.From: Boss <boss@contoso.test>\r\n\r\n`,
      `${OWN}Reply-To: <scans@contoso.test>\r\n\r\n`,
    ],
    [
      "leaves a line that begins with a dot to its server",
      "From: a@b.test\r\n..X: y\r\n\r\n..z",
      `${OWN}Reply-To: a@b.test\r\n..X: y\r\n\r\n..z`,
    ],
    [
      "is replaced behind the first line of a mailbox file, which is left out",
      "From root Sat Nov 28 14:00:00 2026\r\nFrom: a@b.test\r\n\r\nFrom text",
      `${OWN}Reply-To: a@b.test\r\n\r\nFrom text`,
    ],
    [
      "is replaced behind a mark of UTF-8, which is left out",
      "\xef\xbb\xbfFrom: a@b.test\r\n\r\n",
      `${OWN}Reply-To: a@b.test\r\n\r\n`,
    ],
    [
      "of several is one",
      "From: a@b.test, c@d.test\r\nFrom: e@f.test\r\n\r\n",
      `${OWN}Reply-To: a@b.test, c@d.test\r\n\r\n`,
    ],
    [
      "that hides the account's in its name is replaced",
      "From: scans@contoso.test <evil@x.test>\r\n\r\n",
      `${OWN}Reply-To: scans@contoso.test <evil@x.test>\r\n\r\n`,
    ],
    ["is added where there is none", "To: a@b.test\r\n\r\nText", `${OWN}To: a@b.test\r\n\r\nText`],
    [
      "takes no line for its own that begins with a blank",
      " , evil@x.test\r\nSubject: x\r\n\r\nText",
      `${OWN}\r\n , evil@x.test\r\nSubject: x\r\n\r\nText`,
    ],
    ["is put before a message that begins with its text", "hello\r\nx", `${OWN}\r\nhello\r\nx`],
    [
      "is found with its colon on the next line",
      "From\r\n : evil@x.test\r\n\r\nText",
      `${OWN}Reply-To: evil@x.test\r\n\r\nText`,
    ],
    [
      "is not hidden behind a lone CR",
      "Subject: x\rFrom: evil@x.test\r\n\r\nText",
      `${OWN}Subject: x From: evil@x.test\r\n\r\nText`,
    ],
    [
      "keeps bytes that are no text",
      "From: \xe4 <a@b.test>\r\n\r\n\xff\xfe",
      "From: \xe4 <scans@contoso.test>\r\nReply-To: \xe4 <a@b.test>\r\n\r\n\xff\xfe",
    ],
    [
      "is found with line breaks of another kind",
      "From: a@b.test\nX: y\n\nText",
      `${OWN}Reply-To: a@b.test\nX: y\n\nText`,
    ],
  ])("%s", (_, message, expected) => {
    for (const size of [1, 3, 7, 10_000]) expect(pass(message, size)).toBe(expected);
  });

  test("is the same, whatever the pieces; and nothing behind the header changes", () => {
    const body = fc.string({ unit: "binary-ascii", maxLength: 60 });
    fc.assert(
      fc.property(body, fc.integer({ min: 1, max: 20 }), (text, size) => {
        // One line, whose dot at the beginning is doubled as on the wire (RFC 5321 §4.5.2).
        const line = text.replace(/[\r\n]/g, "").replace(/^\./, "..");
        const message = `From: a@b.test\r\n\r\n${line}`;
        expect(pass(message, size)).toBe(
          message.replace("From: a@b.test", "From: <scans@contoso.test>\r\nReply-To: a@b.test"),
        );
      }),
    );
  });

  test("is not looked for in a header without an end", () => {
    const from = new HeaderFrom({ address: ACCOUNT, mayStay });
    const endless = Buffer.from("X: y\r\n".repeat(2_000));
    expect(() => {
      for (let sent = 0; sent <= MAX_HEADER; sent += endless.length)
        from.next(endless, { isLast: false });
    }).toThrow(HeaderTooLarge);
  });
});

test("a header of thousands of From fields has one of them left", () => {
  const fields = Array.from({ length: 4_000 }, (_, at) => `From: ${at}@b\r\n`).join("");
  expect(pass(`${fields}\r\nText`).match(/^From:/gm)).toHaveLength(1);
});
