import { duplexPair } from "node:stream";
import { expect, test } from "vitest";
import { ByteReader } from "@/lib/mail/byte-reader";
import { receive } from "./receive";

const SCAN = Buffer.alloc(2_000_000, "x");

/** Sends a scan to its end. @returns what is answered once all are in hand, and what is left to read */
async function sent(handOn: () => Promise<string>) {
  const [device, near] = duplexPair();
  const reader = new ByteReader(near);
  device.write(SCAN);
  device.write("\r\n.\r\nQUIT\r\n");
  return [await receive(reader, handOn), String(await reader.some())];
}

test("of scans that come at once 48 MB are in hand, and who is put off is read to the end and heard", async () => {
  let all = () => {};
  const handed = new Promise<string>((done) => {
    all = () => done("250 taken");
  });
  let refused = 0;
  const sending = Array.from({ length: 30 }, async () => {
    const [answer, rest] = await sent(() => handed);
    expect(rest).toBe("QUIT\r\n");
    if (answer?.startsWith("451 4.3.1 ")) refused += 1;
    return answer;
  });
  await expect.poll(() => refused).toBe(5);
  all();
  const answers = await Promise.all(sending);
  expect(answers.filter((answer) => answer === "250 taken")).toHaveLength(25);
  expect(await sent(async () => "250 again")).toEqual(["250 again", "QUIT\r\n"]);
});
