import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LastWords } from "./last-words";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

const BODY = "Subject: x\r\n\r\nline {9}\r\nb OK done\r\n* BYE\r\n";
/** What a server may say; each stands for one moment in which the client waits for nothing. */
const ANSWERS = [
  "* 23 EXISTS\r\n* OK [UIDVALIDITY 1] fine\r\nb OK [READ-WRITE] done\r\n",
  `* 1 FETCH (FLAGS () BODY[] {${BODY.length}}\r\n${BODY} UID 7)\r\nc OK done\r\n`,
  `* 1 FETCH (BODY[1] {0}\r\n BODY[2] {${BODY.length}}\r\n${BODY}ENVELOPE ("{4}" NIL))\r\nd OK done\r\n`,
  "+ idling\r\n",
  // Words for a person, which announce nothing.
  "* OK [ALERT] Half of your mail is in {120}\r\n",
  "* bye {7}\r\n",
  "+ go on {1}\r\n",
  `* 1 FETCH (BODY[] {${BODY.length}}\r\n${BODY} UID 7)\r\n* NO almost full {98}\r\ne NO [ALERT] see {120}\r\n`,
];

function isAtRest(heard: string[], protocol: "imap" | "pop3" = "imap"): boolean {
  const words = new LastWords(protocol, 5_000);
  words.ofClient(Buffer.from("a FETCH 1 BODY[]\r\n"));
  for (const part of heard) words.ofServer(Buffer.from(part, "latin1"));
  vi.advanceTimersByTime(5_000);
  return words.areAnswers;
}

test("no byte of a literal, and none of the line around it, counts as the end of an answer", () => {
  for (const answer of ANSWERS.filter((each) => each.includes("BODY[")))
    for (let at = 1; at < answer.lastIndexOf(")\r\n"); at += 1)
      expect(isAtRest([answer.slice(0, at)]), JSON.stringify(answer.slice(0, at))).toBe(false);
});

test("an answer in two parts ends where it ends, wherever it is cut", () => {
  for (const answer of ANSWERS)
    for (let at = 1; at < answer.length; at += 1)
      expect(isAtRest([answer.slice(0, at), answer.slice(at)])).toBe(true);
});

test("an answer that comes byte by byte ends where it ends", () => {
  for (const answer of ANSWERS) expect(isAtRest([...answer])).toBe(true);
});

test("of POP3 a line that looks like a literal is a line", () => {
  expect(isAtRest(["+OK {400}\r\n"], "pop3")).toBe(true);
});

test("only the command that compresses is one", () => {
  const afterHaving = (said: string) => {
    const words = new LastWords("imap", 5_000);
    words.ofClient(Buffer.from(said));
    return words.areReadable;
  };
  expect(afterHaving('a SEARCH SUBJECT "compress"\r\nb SELECT Compress\r\n')).toBe(true);
  expect(afterHaving("We COMPRESS files\r\n")).toBe(true);
  expect(afterHaving("a NOOP\r\nb Compress DEFLATE\r\n")).toBe(false);
});
