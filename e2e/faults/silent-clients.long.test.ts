import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { pipeToNodeResponse } from "next/dist/server/pipe-readable";
import { signalFromNodeResponse } from "next/dist/server/web/spec-extension/adapters/next-request";
import { expect, test } from "vitest";
import { startGateway } from "@/lib/gateway/server";
import { eventStream } from "@/lib/http/event-stream";
import { createGuardedServer } from "@/lib/http/web/guarded-server";
import { SECOND_MS } from "@/lib/kernel/clock";
import { openStreams, takeStreamPlace } from "@/lib/kernel/events/stream-places";
import { program } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { report } from "@/lib/testing/long";
import { startSilentProxy } from "./silent-proxy";

withDatabase();

test.each<[string, (socket: Socket) => unknown]>([
  ["stops in the middle of its request", (socket) => socket.write("GET / HTTP/1.1\r\n")],
  ["says nothing", () => {}],
  ["says nothing after an answer", (socket) => socket.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n")],
])("the gateway lets go of a stranger that %s", async (what, silence) => {
  const gateway = await startGateway({ host: "127.0.0.1", port: 0 });
  const socket = connect(gateway.port, "127.0.0.1");
  await once(socket, "connect");
  const startedAt = performance.now();
  silence(socket);
  await once(socket.resume(), "end", { signal: AbortSignal.timeout(10 * SECOND_MS) });
  const after = `${((performance.now() - startedAt) / SECOND_MS).toFixed(1)} s`;
  report(`a stranger at the gateway that ${what}`, { "let go after": after });
  await gateway.stop();
});

test("a stream of events whose client went silent ends, and gives its place back", async () => {
  const reader = program("events:read");
  // As Next.js does it, which takes a build of minutes: its own functions for both directions.
  const server = createGuardedServer(async (_request, response) => {
    const { body } = eventStream({
      isStillSomebody: async () => true,
      lastEventId: null,
      signal: signalFromNodeResponse(response),
      onEnd: takeStreamPlace(reader),
      lifeMs: 2 * SECOND_MS,
    });
    if (body) await pipeToNodeResponse(body, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const proxy = await startSilentProxy(`http://localhost:${port}`);
  const clients = await Promise.all(
    Array.from({ length: 20 }, () => fetch(proxy.url).then(({ body }) => body?.getReader())),
  );
  for (const client of clients) await client?.read();
  expect(() => takeStreamPlace(reader)).toThrow("20 connections already");
  expect(proxy.silence()).toBe(20);
  expect(openStreams().size).toBe(20);
  await expect.poll(() => openStreams().size, { timeout: 10_000 }).toBe(0);
  takeStreamPlace(reader)();
  await proxy.close();
  await Promise.allSettled(clients.map((client) => client?.read()));
  await new Promise((closed) => server.close(closed));
}, 30_000);
