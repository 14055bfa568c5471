import { createServer } from "node:http";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { drain, listen } from "./listening";

const ASK = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";

test("a server that stops tells a client that never pauses to close its connection", async () => {
  let isDrained = false;
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    // In the middle of an answer: a connection without one is simply closed.
    if (requests === 5)
      void drain(server, 10_000).then(() => {
        isDrained = true;
      });
    setTimeout(() => response.end("x"), 10);
  });
  const port = await listen(server, { host: "127.0.0.1", port: 0 });
  let said = "";
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  socket.write(ASK);
  socket.setEncoding("latin1").on("data", (chunk) => {
    said += chunk;
    socket.write(ASK);
  });
  await expect.poll(() => isDrained).toBe(true);
  expect(requests).toBe(6);
  await expect.poll(() => said.toLowerCase()).toContain("connection: close");
});
