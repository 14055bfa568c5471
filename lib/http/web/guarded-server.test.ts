import { once } from "node:events";
import {
  request as httpRequest,
  type IncomingMessage,
  METHODS,
  type Server,
  type ServerResponse,
} from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { createGuardedServer } from "./guarded-server";
import { PEER_HEADER } from "./peer";
import type { BodyLimits } from "./request-limits";

const QUICK: BodyLimits = { maxBytes: 64 * 1024, withinMs: 300, isHeld: true };
const LINGER = { longestMs: 60_000, silentMs: 60_000, maxBytes: 20_000_000 };
const handled: IncomingMessage[] = [];
const TAKEN = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];
let server: Server | undefined;

afterEach(async () => {
  handled.length = 0;
  server?.closeAllConnections();
  await new Promise((closed) => server?.close(closed) ?? closed(undefined));
});

/** A server that answers with how many bytes its handler read, or as `handle` says. */
async function listen(
  limits: BodyLimits = QUICK,
  { handle = countBytes, ...options }: Options = {},
): Promise<number> {
  server = createGuardedServer(
    async (request, response) => {
      handled.push(request);
      await handle(request, response);
    },
    { limitsOf: () => limits, headersWithinMs: 300, linger: LINGER, ...options },
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A TCP server's address is never a pipe's name.
  return (server.address() as AddressInfo).port;
}

async function countBytes(request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.end(`${(await text(request)).length}`);
}

/** The same, and refuses a body as soon as it is longer. */
const countUpTo =
  (maxBytes: number): typeof countBytes =>
  async (request, response) => {
    let size = 0;
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      size += chunk.length;
      if (size > maxBytes) return void response.writeHead(413).end("Too long.");
    }
    response.end(`${size}`);
  };

type Options = Parameters<typeof createGuardedServer>[1] & { handle?: typeof countBytes };

type Sent = { body: string | Buffer; type?: string; headers?: Record<string, string> };

async function send(port: number, { body, type = "text/plain", headers = {} }: Sent) {
  const options = { port, method: "POST", headers: { "content-type": type, ...headers } };
  const request = httpRequest(options).on("error", () => {});
  request.end(body);
  const [response]: IncomingMessage[] = await once(request, "response");
  if (!response) throw new Error("There was no answer.");
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

function dial(port: number, written: string): Socket {
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  socket.write(written);
  return socket;
}

describe("a body within the limits", () => {
  test("reaches the handler whole, however it is sent", async () => {
    const port = await listen();
    for (const size of [0, 1, 60_000]) {
      const body = "x".repeat(size);
      // Beside it comes the address that the connection has, whatever the client says of it.
      const headers = { [PEER_HEADER]: "6.6.6.6" };
      expect(await send(port, { body, headers })).toMatchObject({ status: 200, body: `${size}` });
      const chunked = { body, headers: { "transfer-encoding": "chunked" } };
      expect(await send(port, chunked)).toMatchObject({ status: 200, body: `${size}` });
    }
    expect(handled.map(({ headers }) => headers[PEER_HEADER])).toEqual(Array(6).fill("127.0.0.1"));
  });
});

test("a body that is refused makes room at once, however long its client takes to read that", async () => {
  const port = await listen(QUICK, { maxHeldBytes: 100_000 });
  const head = "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
  const chunk = `4000\r\n${"x".repeat(0x4000)}\r\n`;
  for (let refused = 0; refused < 5; refused += 1) {
    // None of them is closed or ended by its client.
    const socket = dial(port, head + chunk.repeat(5));
    const [answer]: Buffer[] = await once(socket, "data");
    expect(`${answer}`).toContain(" 413 ");
  }
});

describe("no handler sees", () => {
  const fields = Array.from({ length: 300 }, (_, at) => `f${at}=1`).join("&");
  const part = '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n';
  const multipart = { body: `${part.repeat(300)}--b--`, type: "multipart/form-data; boundary=b" };
  test.each<[string, Sent]>([
    ["a body that says it is too long", { body: "x".repeat(65_537) }],
    [
      "one that does not say it",
      { body: "x".repeat(65_537), headers: { "transfer-encoding": "chunked" } },
    ],
    ["many fields", { body: fields, type: "application/x-www-form-urlencoded" }],
    ["many parts", multipart],
    ["deep JSON", { body: "[".repeat(10_000), type: "application/json" }],
    ["long JSON", { body: `[${"1,".repeat(20_000)}1]` }],
  ])("%s, and the client is told so", async (_what, sent) => {
    const port = await listen();
    const answer = await send(port, sent);
    expect(answer).toMatchObject({ status: 413, headers: { connection: "close" } });
    expect(JSON.parse(answer.body)).toMatchObject({
      title: "payload_too_large",
      status: 413,
      detail: expect.not.stringMatching(/\d bytes/),
    });
    expect(handled).toEqual([]);
  });

  test("a body of single bytes, which would take more room than it has", async () => {
    const port = await listen();
    const socket = dial(port, "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n");
    socket.write("1\r\nx\r\n".repeat(5_000));
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 413 /);
    expect(handled).toEqual([]);
  });

  test("a body that drips: it is given up in time", async () => {
    const port = await listen();
    const socket = dial(port, "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 60000\r\n\r\n");
    const drip = setInterval(() => socket.write("x"), 20);
    const answer = await text(socket);
    clearInterval(drip);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(handled).toEqual([]);
  });

  test("what fits each limit, but is too much together", async () => {
    const port = await listen({ ...QUICK, withinMs: 5_000 }, { maxHeldBytes: 100_000 });
    const waiting = dial(port, "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 60000\r\n\r\n");
    waiting.write("x".repeat(59_999));
    await expect
      .poll(() => send(port, { body: "x".repeat(60_000) }))
      .toMatchObject({ status: 503, headers: { "retry-after": "1" } });
    waiting.end("x");
    await once(waiting.resume(), "close");
    expect(await send(port, { body: "x".repeat(60_000) })).toMatchObject({ status: 200 });
  });
});

test("an address whose encoding is broken reaches no handler, and a query may have any", async () => {
  const port = await listen();
  for (const path of ["/%", "/api/contacts/%E0%A4%A", "/a/%c0%af?b"])
    expect(await text(dial(port, `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`))).toMatch(/ 400 /);
  expect(handled).toEqual([]);
  await once(dial(port, "GET /a?b=% HTTP/1.1\r\nhost: x\r\n\r\n"), "data");
  expect(handled).toHaveLength(1);
});

test("a method that nothing has is refused with those that are taken", async () => {
  const port = await listen();
  const answers = METHODS.filter((method) => !["CONNECT", ...TAKEN].includes(method)).map(
    (method) => text(dial(port, `${method} / HTTP/1.1\r\nhost: x\r\n\r\n`)),
  );
  for (const answer of await Promise.all(answers)) {
    expect(answer).toMatch(/^HTTP\/1\.1 405 /);
    expect(answer).toContain(`allow: ${TAKEN.join(", ")}\r\n`);
  }
  expect(handled).toEqual([]);
  for (const method of TAKEN)
    await once(dial(port, `${method} / HTTP/1.1\r\nhost: x\r\n\r\n`), "data");
  expect(handled.map(({ method }) => method)).toEqual(TAKEN);
});

describe("a connection ends", () => {
  test.each([
    ["that says nothing", ""],
    ["whose header never ends", "GET / HTTP/1.1\r\nhost: x\r\nx-slow: "],
    [
      "that wants to become a WebSocket",
      "GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
    ],
  ])("%s", async (_what, written) => {
    await once(dial(await listen(), written).resume(), "close");
    expect(handled).toEqual([]);
  });

  test("whose client does not read what is written for it", async () => {
    let closed: Promise<unknown> | undefined;
    const handle = async (_request: IncomingMessage, response: ServerResponse) => {
      closed = once(response, "close");
      for (let written = 0; written < 64; written += 1) response.write("x".repeat(1024 * 1024));
    };
    const port = await listen(QUICK, { handle, stalledMs: 300 });
    const socket = dial(port, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").pause();
    await expect.poll(() => closed).toBeDefined();
    await closed;
    socket.destroy();
  });
});

describe("an upload", () => {
  const limits = { maxBytes: 1_000_000, withinMs: 5_000, isHeld: false };
  const body = "x".repeat(900_000);

  test("is passed on as it comes, and broken off when it does not stop", async () => {
    const port = await listen(limits, { handle: countUpTo(limits.maxBytes) });
    expect(await send(port, { body })).toMatchObject({ status: 200, body: "900000" });
    expect(await flood(port)).toBe(413);
  });

  test("that is answered before it is read is taken no further than another", async () => {
    const handle = async (_request: IncomingMessage, response: ServerResponse) => {
      response.writeHead(401).end("Who are you?");
    };
    const port = await listen(limits, { handle });
    expect(await send(port, { body })).toMatchObject({ status: 401 });
    expect(await flood(port)).toBe(401);
  });
});

describe("a client that sends all before it reads", () => {
  const body = "x".repeat(9_000_000);
  const late = async (port: number, sent = body): Promise<string> => {
    const socket = connect(port, "127.0.0.1")
      .on("error", () => {})
      .pause();
    const head = `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n`;
    await new Promise((written) => socket.write(head + sent, written));
    return text(socket);
  };

  test.each([
    ["a body that is held", QUICK],
    ["an upload", { ...QUICK, isHeld: false }],
  ])("sees that %s is too long", async (_what, limits) => {
    const handle = countUpTo(limits.maxBytes);
    const port = await listen(limits, { handle, headersWithinMs: 60_000 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => late(port)));
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  test.each([
    ["falls silent", { ...LINGER, silentMs: 100 }, 1],
    ["sends more than a mistake", { ...LINGER, maxBytes: 1_000_000 }, 8_999_999],
  ])("and %s is let go", async (_what, linger, length) => {
    const port = await listen(QUICK, { linger });
    const socket = connect(port, "127.0.0.1").on("error", () => {});
    socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n`);
    socket.write(body.slice(0, length));
    await new Promise((closed) => socket.resume().once("close", closed));
  });
});

/** Sends without end, until the connection is broken off. */
async function flood(port: number): Promise<number | undefined> {
  const endless = httpRequest({ port, method: "POST" });
  let status: number | undefined;
  endless.once("response", (response) => {
    status = response.resume().on("error", () => {}).statusCode;
  });
  endless.on("error", () => {});
  const ended = once(endless, "close");
  const sending = setInterval(() => endless.write("x".repeat(20_000)), 1);
  await ended.finally(() => clearInterval(sending));
  return status;
}

test("the limits of an address are those of the one that Next.js reads", async () => {
  const asked: string[] = [];
  const limitsOf = (pathname: string) => {
    asked.push(pathname);
    return QUICK;
  };
  const port = await listen(QUICK, { limitsOf });
  for (const [sent, meant] of [
    ["/api/auth/callback/credentials", "/api/auth/callback/credentials"],
    ["/api/x/../auth/callback/credentials?a=/../b", "/api/auth/callback/credentials"],
    ["/api/./auth/x", "/api/auth/x"],
    ["/api/%2e%2E/api/auth/x", "/api/auth/x"],
    ["/_next/..\\api/auth/x", "/api/auth/x"],
    ["//api/auth/x", "//api/auth/x"],
    ["http://elsewhere.test/api/auth/x", "/api/auth/x"],
  ]) {
    const head = `POST ${sent} HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\nx`;
    await once(dial(port, head), "data");
    expect(asked.at(-1)).toBe(meant);
  }
  // A redirect to it would lead to the host that a stranger named.
  expect(handled.at(-1)?.url).toBe("/api/auth/x");
});

test("a connection that sends thousands of requests at once ends, and nobody else waits", async () => {
  const port = await listen(QUICK, {
    handle: async (request, response) => {
      if (request.method === "POST") response.end("ok");
    },
  });
  const socket = dial(port, "GET / HTTP/1.1\r\nhost: a\r\n\r\n".repeat(3_000));
  // It may meet a reset on its way there.
  await new Promise((closed) => socket.resume().once("close", closed));
  expect(handled.length).toBeLessThanOrEqual(16);
  expect((await send(port, { body: "x" })).status).toBe(200);
});
