import { expect, test } from "vitest";
import { createLines, untilMessage } from "./unusable-mailbox";

const REFUSED = "b BAD User is authenticated but not connected.\r\n";
const FETCHED = `* 1 FETCH (BODY[] {${REFUSED.length}}\r\n${REFUSED})\r\nc OK done\r\n`;

const heard = (parts: readonly string[]) => {
  const linesOf = createLines();
  return parts.map((part) => linesOf(part)).join("");
};

test("what a message says is not the server's own word, wherever it is cut", () => {
  const own = `* 1 FETCH (BODY[] {${REFUSED.length}}\r\n)\r\nc OK done\r\n`;
  for (let at = 0; at <= FETCHED.length; at += 1)
    expect(heard([FETCHED.slice(0, at), FETCHED.slice(at)])).toBe(own);
  expect(heard([...FETCHED])).toBe(own);
});

test("a line that comes in two parts is one line", () => {
  for (let at = 0; at <= REFUSED.length; at += 1)
    expect(heard([REFUSED.slice(0, at), REFUSED.slice(at)])).toBe(REFUSED);
});

test("of POP3 the lines of a message are not the server's own word", () => {
  const refused = "-ERR User is authenticated but not connected.\r\n";
  expect(untilMessage(`+OK\r\n${refused}`)).toBe(`+OK\r\n${refused}`);
  expect(untilMessage(`+OK 9 octets\r\nSubject: x\r\n\r\n${refused}.\r\n`)).toBe(
    "+OK 9 octets\r\n",
  );
});
