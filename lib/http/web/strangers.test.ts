import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { withDatabase } from "@/lib/testing/database";
import { listen } from "./listening";
import { limitStrangers } from "./strangers";

withDatabase();
const server = createServer();

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test("strangers together have half of the places, and the oldest of the largest network makes room", async () => {
  limitStrangers(server, { idleMs: 5_000, room: 8 });
  await listen(server, { host: "127.0.0.1", port: 0 });
  const { port } = server.address() as AddressInfo;
  const sockets: Socket[] = [];
  for (const at of [1, 2, 9, 9, 9, 9]) {
    const socket = connect({ port, host: "127.0.0.1", localAddress: `127.0.0.${at}` });
    socket.on("error", () => {}).resume();
    await once(socket, "connect");
    sockets.push(socket);
  }
  const closed = () => sockets.map((socket) => socket.closed || socket.readyState !== "open");
  await expect.poll(closed).toEqual([false, false, true, true, false, false]);
  for (const socket of sockets) socket.destroy();
});
