import { expect, test } from "vitest";
import { leastCpuMs } from "@/lib/testing/cpu-time";
import { readEnvelope } from "./header-fields";
import { readSender } from "./senders";

/** The sender of a message chooses its header, and 32 KiB are read: none may stop the keeper. */
const MOST_MS = 50;
const LENGTH = 31_000;

const read = (header: Buffer) => {
  readEnvelope(header);
  return readSender(header, { ownAddresses: [], usesReplyTo: true, keepsAutomatic: false });
};

const FIELDS = ["From: x", 'From: "', "Date: ", "Content-Type: multipart/report;", "Subject: ", ""];
const REPEATED = [
  ..."'\"()<>,;:\\[]@.=&-_ \ta\u00e9",
  ...["\r\n ", "a ", "a,", "g:;", "(a)", "=?", "?=", "multipart/report ", "report-type "],
];

test.each(FIELDS)("%j full of any mark costs no time", (start) => {
  const costly = REPEATED.filter((repeated) => {
    const ends = ["x <a4@b.test>", ")", ""];
    return ends.some((end) => leastCpuMs(() => read(headerOf(start, repeated, end))) >= MOST_MS);
  });
  expect(costly).toEqual([]);
});

function headerOf(start: string, repeated: string, end: string): Buffer {
  const times = Math.floor(LENGTH / Buffer.byteLength(repeated));
  return Buffer.from(`${start}${repeated.repeat(times)}${end}\r\n\r\n`);
}
