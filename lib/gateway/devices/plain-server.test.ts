import type { Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { type Wire, withDeviceGateway } from "@/lib/testing/device-gateway";
import { withScriptedMailServer } from "@/lib/testing/scripted-mail-server";
import { ALICE } from "@/lib/testing/sign-in";

/** A server that offers nothing beyond AUTH, in front of which the gateway has promised more. */
const ANSWER_MS = 50;
let commands: string[] = [];
let mostAtOnce = 0;
const createDevice = withScriptedMailServer({ smtp: serve });
const gateway = withDeviceGateway();
let wire: Wire;

beforeAll(async () => {
  const device = { name: "Scanner", protocols: ["smtp" as const], messagesPerMinute: 9 };
  wire = await gateway().logIn("smtp", await createDevice(device));
});
beforeEach(() => {
  commands = [];
  mostAtOnce = 0;
});
afterAll(() => void wire.socket.destroy());

function serve(socket: Socket): void {
  let outstanding = 0;
  socket.write("220 plain ESMTP\r\n");
  socket.on("data", (chunk) => {
    for (const line of chunk.toString().split("\r\n").filter(Boolean)) {
      commands.push(line);
      outstanding += 1;
      mostAtOnce = Math.max(mostAtOnce, outstanding);
      setTimeout(() => {
        outstanding -= 1;
        socket.write(replyTo(line));
      }, ANSWER_MS);
    }
  });
}

function replyTo(line: string): string {
  if (line.startsWith("EHLO")) return "250-plain\r\n250 AUTH PLAIN\r\n";
  return line.startsWith("AUTH") ? "235 2.7.0 In.\r\n" : "250 2.0.0 OK\r\n";
}

test("a server without PIPELINING is asked one thing after the other", async () => {
  wire.write(`MAIL FROM:<${ALICE}>\r\nRCPT TO:<${ALICE}>\r\nRCPT TO:<${ALICE}>\r\nRSET\r\n`);
  await wire.until(/(?:250 .*\r\n){4}/);
  expect(commands.map((line) => line.slice(0, 4))).toEqual(["MAIL", "RCPT", "RCPT", "RSET"]);
  expect(mostAtOnce).toBe(1);
});

test("a message that is to have 8-bit bytes is refused where its server takes ASCII only", async () => {
  const mail = `MAIL FROM:<${ALICE}> BODY=8BITMIME`;
  expect(await wire.ask(mail, /\r\n/)).toMatch(/^554 5\.6\.3 /);
  expect(commands).toEqual([]);
  const turns = async () => (await db().device.findFirstOrThrow()).sentAt.length;
  const before = await turns();
  for (let count = 0; count < 12; count += 1)
    expect(await wire.ask(mail, /\r\n/)).toMatch(/^554 5\.6\.3 /);
  expect(await turns()).toBe(before);
  expect(await wire.ask(`MAIL FROM:<${ALICE}> BODY=7BIT`, /\r\n/)).toMatch(/^250 /);
  expect(commands).toEqual([`MAIL FROM:<${ALICE}>`]);
});
