import type { Socket } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { dialogue } from "@/e2e/servers/scripted-server";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { withDeviceGateway } from "@/lib/testing/device-gateway";
import { withScriptedMailServer } from "@/lib/testing/scripted-mail-server";

/** A program that hands each message to a slow delivery agent, and reads on when that is done. */
const MESSAGE = `+OK\r\n${"A line of it.\r\n".repeat(1_000_000)}.\r\n`;
let server: Socket;
const createDevice = withScriptedMailServer({
  pop3: (socket) => {
    server = socket;
    dialogue("+OK ready", [
      [/^(?:USER|PASS|AUTH)/, "+OK"],
      [/^RETR/, MESSAGE.trimEnd()],
    ])(socket);
  },
});
const gateway = withDeviceGateway();
afterEach(() => void vi.useRealTimers());

test("a reader that pauses for half an hour has the whole message", async () => {
  const { socket } = await gateway().logIn(
    "pop3",
    await createDevice({ name: "Fetcher", protocols: ["pop3"] }),
  );
  let heard = "";
  socket.removeAllListeners("data").on("data", (chunk) => {
    heard += chunk.toString("latin1");
  });
  socket.pause();
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  socket.write("RETR 1\r\n");
  let written = 0;
  const isStuck = () => {
    const before = written;
    written = server.bytesWritten;
    return server.writableLength > 0 && written === before;
  };
  await expect.poll(isStuck, { interval: 200 }).toBe(true);
  vi.advanceTimersByTime(30 * MINUTE_MS);
  vi.useRealTimers();
  socket.resume();
  await expect.poll(() => heard.length, { timeout: 20_000 }).toBe(MESSAGE.length);
  socket.destroy();
});
