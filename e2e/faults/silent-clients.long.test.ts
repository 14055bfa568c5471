import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { pipeToNodeResponse } from "next/dist/server/pipe-readable";
import { signalFromNodeResponse } from "next/dist/server/web/spec-extension/adapters/next-request";
import { beforeAll, describe, expect, test } from "vitest";
import { eventStream } from "@/lib/http/event-stream";
import { createGuardedServer } from "@/lib/http/web/guarded-server";
import { SECOND_MS } from "@/lib/kernel/clock";
import { takeStreamPlace } from "@/lib/kernel/events/stream-places";
import { openStreams } from "@/lib/kernel/events/streams";
import { administrator, program } from "@/lib/testing/actors";
import { keyFor } from "@/lib/testing/api";
import { report } from "@/lib/testing/long";
import { withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { type Running, withPrograms } from "./programs";
import { startSilentProxy } from "./silent-proxy";

const sandbox = withInstallation();
const programs = withPrograms("gateway");
/** The promise of docs/reliability.md. */
const ANSWERS_WITHIN_MS = 30 * SECOND_MS;
let apiKey: string;
let emailAccountId: string;

beforeAll(async () => {
  ({ emailAccountId } = await connectedAccount(administrator(), sandbox()));
  apiKey = await keyFor(["tokens:read"]);
});

const seconds = (ms: number) => `${(ms / SECOND_MS).toFixed(1)} s`;

function ask({ port }: Running): Promise<Response> {
  const url = `http://127.0.0.1:${port}/api/emailAccounts/${emailAccountId}/accessToken`;
  const signal = AbortSignal.timeout(ANSWERS_WITHIN_MS);
  return fetch(url, { headers: { authorization: `Bearer ${apiKey}` }, signal });
}

test("a gateway whose connections to the database all go silent answers again within 30 s", async () => {
  const proxy = await startSilentProxy(process.env.DATABASE_URL ?? "");
  const gateway = await programs.start("gateway", { env: { DATABASE_URL: proxy.url } });
  const before = await Promise.all(Array.from({ length: 8 }, () => ask(gateway)));
  expect(before.map(({ status }) => status)).toEqual(before.map(() => 200));
  expect(proxy.silence()).toBeGreaterThan(3);
  const startedAt = performance.now();
  const statuses = async () =>
    (await Promise.all(Array.from({ length: 8 }, () => ask(gateway)))).map(({ status }) => status);
  await expect
    .poll(statuses, { timeout: ANSWERS_WITHIN_MS, interval: 100 })
    .toEqual(before.map(() => 200));
  report("a gateway with a silent database", {
    "answers after": seconds(performance.now() - startedAt),
  });
  await proxy.close();
}, 60_000);

describe("the gateway lets go of a client that", () => {
  const ways: [what: string, withinMs: number, silence: (socket: Socket) => unknown][] = [
    [
      "stops in the middle of its request",
      15 * SECOND_MS,
      (socket) => socket.write("GET / HTTP/1.1\r\n"),
    ],
    ["says nothing", 15 * SECOND_MS, () => {}],
    [
      "says nothing after an answer",
      70 * SECOND_MS,
      (socket) => socket.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n"),
    ],
  ];
  test.each(ways)(
    "%s",
    async (what, withinMs, silence) => {
      const gateway = await programs.start("gateway");
      const socket = connect(gateway.port, "127.0.0.1");
      await once(socket, "connect");
      const startedAt = performance.now();
      silence(socket);
      await once(socket.resume(), "end", { signal: AbortSignal.timeout(withinMs) });
      report(`a client of the gateway that ${what}`, {
        "let go after": seconds(performance.now() - startedAt),
      });
      expect((await ask(gateway)).status).toBe(200);
    },
    90_000,
  );
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
