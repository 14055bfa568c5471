import { expect, test } from "vitest";
import { leastCpuMs } from "@/lib/testing/cpu-time";
import { readEnvelope } from "./envelope";
import { readSender } from "./senders";

/** The sender of a message chooses its header, and 32 KiB are read: none may stop the keeper. */
const MOST_MS = 50;
const LENGTH = 31_000;

const read = (header: Buffer) => {
  readEnvelope(header);
  return readSender(header, { ownAddresses: [], usesReplyTo: true, keepsAutomatic: false });
};

test.each([
  ["a name full of quotes", "From: x", "'", "x <a4@b.test>"],
  ["a date full of comments that do not end", "Date: ", "(", ""],
  ["a date with one comment in another", "Date: Wed, 25 Nov 2026 09:10:11 +0100 ", "(", ")"],
  ["a report of many kinds", "Content-Type: multipart/report;", "multipart/report ", ""],
  ["a report of no kind", "Content-Type: multipart/report;", "report-type ", ""],
])("%s costs no time", (_what, ...parts) => {
  expect(leastCpuMs(() => read(headerOf(parts)))).toBeLessThan(MOST_MS);
});

const FIELDS = ["From: x", 'From: "', "Date: ", "Content-Type: multipart/report;", "Subject: ", ""];
const REPEATED = [
  ..."'\"()<>,;:\\[]@.=&-_ \ta\u00e9",
  "\r\n ",
  "a ",
  "a,",
  "g:;",
  "(a)",
  "=?",
  "?=",
];

test.each(FIELDS)("%j full of any mark costs no time", (start) => {
  const costly = REPEATED.filter((repeated) => {
    const header = headerOf([start, repeated, "x <a4@b.test>"]);
    return leastCpuMs(() => read(header)) >= MOST_MS;
  });
  expect(costly).toEqual([]);
});

function headerOf([start, repeated, end]: [string, string, string]): Buffer {
  const times = Math.floor(LENGTH / Buffer.byteLength(repeated));
  return Buffer.from(`${start}${repeated.repeat(times)}${end}\r\n\r\n`);
}
