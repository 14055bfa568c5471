import { PassThrough } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { either } from "@/lib/testing/long";
import { LineReader } from "./byte-reader";

const STREAMS = either({ short: 1_000, long: 10_000 });

test("lines are the same however they were cut into packets", async () => {
  const text = "+OK one\r\ntwo\n\r\nfour \u00e4\r\n";
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(text.length)), async (cuts) => {
      const socket = new PassThrough();
      const reader = new LineReader(socket);
      const bytes = Buffer.from(text);
      const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      for (const [index, start] of at.slice(0, -1).entries())
        socket.write(bytes.subarray(start, at[index + 1]));
      for (const line of ["+OK one", "two", "", "four ä"]) expect(await reader.line()).toBe(line);
    }),
  );
});

test(`${STREAMS} random streams end in lines within the limit or in a named failure`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 6 }),
      async (chunks) => {
        const socket = new PassThrough();
        const reader = new LineReader(socket);
        for (const chunk of chunks) socket.write(chunk);
        socket.end();
        const failure = await readAll(reader);
        expect(["mail.connection_lost", "mail.flood"]).toContain(failure);
      },
    ),
    { numRuns: STREAMS },
  );
}, 60_000);

test("what came after the last line read is handed on", async () => {
  const socket = new PassThrough();
  const reader = new LineReader(socket);
  socket.write("one\r\nrest");
  expect(await reader.line()).toBe("one");
  expect(reader.release().toString()).toBe("rest");
  expect(socket.isPaused()).toBe(true);
});

test("many short lines are a flood as well", async () => {
  const socket = new PassThrough();
  const reader = new LineReader(socket);
  socket.write("x\r\n".repeat(30_000));
  expect(await readAll(reader)).toBe("mail.flood");
});

async function readAll(reader: LineReader): Promise<string> {
  for (;;) {
    try {
      const line = await reader.line();
      expect(line.length).toBeLessThanOrEqual(512);
    } catch (error) {
      return error instanceof Error ? error.message : "";
    }
  }
}
