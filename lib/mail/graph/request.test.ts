import type { RequestListener, ServerResponse } from "node:http";
import { createServer, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { listenOnLoopback } from "@/e2e/sandbox/listen";
import { startHttpsServer } from "@/lib/testing/https-server";
import { withInstallation } from "@/lib/testing/sandbox";
import { postMessage, type Sending } from "./request";

/** What is behind the name of Microsoft Graph may be anything. */
const sandbox = withInstallation();
const closes: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(closes.splice(0).map((close) => close())));

const post = (origin: string, sending: Omit<Sending, "secrets"> = {}) =>
  postMessage(
    {
      address: `${origin}/v1.0/me`,
      accessToken: "t",
      drop: async () => {},
      turn: (work) => work(),
    },
    Buffer.from("To: bob@contoso.test\r\n\r\nx"),
    { secrets: [], ...sending },
  ).then(
    ({ status }) => status,
    ({ remedyId }) => remedyId,
  );

async function serve(answer: RequestListener) {
  const server = await startHttpsServer(sandbox().stateDir, answer);
  closes.push(server.close);
  return server;
}

test.each<[string, (socket: Socket) => void]>([
  ["words", (socket) => socket.end("220 mail.contoso.test\r\n")],
  ["the end of the connection", (socket) => socket.end()],
  ["a reset", (socket) => socket.resetAndDestroy()],
  ["nothing", () => {}],
])("%s instead of TLS is told as unreachable: nothing has left", async (_what, meet) => {
  await serve(() => {});
  const { port, close } = await listenOnLoopback(() =>
    createServer((socket) => void meet(socket.on("error", () => {}))),
  );
  closes.push(close);
  expect(await post(`https://localhost:${port}`, { deadlineMs: 300 })).toBe("graph.unreachable");
});

test.each<[string, (reply: ServerResponse) => void]>([
  ["is no JSON", (reply) => void reply.end("{")],
  ["is large", (reply) => void reply.end("x".repeat(300_000))],
  ["breaks off", (reply) => void reply.write("x", () => reply.destroy())],
  ["never ends", (reply) => void reply.write("x")],
])("202 is taken though its body %s", async (_how, answer) => {
  const { origin } = await serve((_request, reply) => answer(reply.writeHead(202)));
  expect(await post(origin)).toBe(202);
});

describe("an answer that asks to wait", () => {
  const throttled = (status = 429, code = "TooManyRequests") =>
    serve((_request, reply) => {
      reply.writeHead(status, { "retry-after": "1" }).end(JSON.stringify({ error: { code } }));
    });

  test("is not heeded without time for another try, and none is begun for who has left", async () => {
    const { origin, seen } = await throttled();
    expect(await post(origin, { deadlineMs: 1_400 })).toBe("graph.busy");
    expect(await post(origin, { signal: AbortSignal.timeout(200) })).toBe("graph.busy");
    expect(seen).toHaveLength(2);
  });

  test("is known by its code", async () => {
    const { origin } = await throttled(400, "ApplicationThrottled");
    expect(await post(origin, { deadlineMs: 1_400 })).toBe("graph.busy");
  });
});
