import { expect, test } from "vitest";
import { DataEnd } from "./data-end";

/** What goes to the server and what is left, with the message cut into pieces of this size. */
function passed(text: string, size: number): [string, string | undefined] {
  const end = new DataEnd();
  let sent = "";
  for (let from = 0; from < text.length; from += size) {
    const { bytes, behind } = end.next(Buffer.from(text.slice(from, from + size), "latin1"));
    sent += bytes.toString("latin1");
    if (behind) return [sent, behind.toString("latin1") + text.slice(from + size)];
  }
  return [sent, undefined];
}

const SIZES = [1, 2, 3, 4, 5, 7, 1_000];

test.each([
  ["an empty message", ".\r\n", ".\r\n", ""],
  ["a message", "a\r\n.\r\n", "a\r\n.\r\n", ""],
  ["commands behind it", "a\r\n.\r\nQUIT\r\n", "a\r\n.\r\n", "QUIT\r\n"],
  ["lines that begin with dots", "..\r\n.x\r\n..\r\n.\r\n", "..\r\n.x\r\n..\r\n.\r\n", ""],
  ["dots in the middle", "a.b\r\nc.\r\n.\r\n", "a.b\r\nc.\r\n.\r\n", ""],
  ["LF . CRLF", "a\n.\r\nMAIL\r\n.\r\n", "a\n..\r\nMAIL\r\n.\r\n", ""],
  ["LF . LF", "a\n.\nMAIL\r\n.\r\n", "a\n..\nMAIL\r\n.\r\n", ""],
  ["CRLF . LF", "a\r\n.\nMAIL\r\n.\r\n", "a\r\n..\nMAIL\r\n.\r\n", ""],
  ["CR . CR", "a\r.\rMAIL\r\n.\r\n", "a\r..\rMAIL\r\n.\r\n", ""],
  ["CRLF . CR", "a\r\n.\rx\r\n.\r\n", "a\r\n..\rx\r\n.\r\n", ""],
])("%s: found however it is cut", (_what, ...[text, sent, behind]) => {
  for (const size of SIZES) expect(passed(text, size), `${size}`).toEqual([sent, behind]);
});

test("a message that goes on has no end", () => {
  for (const size of SIZES)
    expect(passed("a\r\nb\n\r\n", size)).toEqual(["a\r\nb\n\r\n", undefined]);
});
