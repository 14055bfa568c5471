import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { logRequestError } from "../server";
import { sayWhatPasses } from "./passing-failures";

const BUSY = Object.assign(new Error("canceling statement due to lock timeout"), { code: "55P03" });

/** As Next.js does it: it tells of the failure, and answers with 500. */
const answers = {
  "/implicit": (response: ServerResponse) => {
    response.statusCode = 500;
    response.end("failed");
  },
  "/explicit": (response: ServerResponse) => response.writeHead(500, { "x-other": "1" }).end(),
  "/fine": (response: ServerResponse) => response.end("fine"),
};
let failure: Error | null = null;
const server = createServer((request, response) => {
  sayWhatPasses(request, response);
  const { url: path = "", method = "", headers } = request;
  if (failure) logRequestError(failure, { path, method, headers });
  answers[path as keyof typeof answers](response);
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => server.closeAllConnections());

const ask = (path: keyof typeof answers, headers = {}) =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { headers });

test.each(["/implicit", "/explicit"] as const)(
  "a page that fails while the database is busy says so, %s",
  async (path) => {
    failure = BUSY;
    const { status, headers } = await ask(path);
    expect([status, headers.get("retry-after")]).toEqual([503, "5"]);
    failure = null;
    expect((await ask(path)).status).toBe(500);
  },
);

test("a page that fails for anything else is broken, and one that does not fail is fine", async () => {
  failure = new TypeError("x is not a function");
  expect((await ask("/implicit")).status).toBe(500);
  failure = BUSY;
  expect((await ask("/fine")).status).toBe(200);
});

test("a client can't speak for a request of its own choice", async () => {
  failure = new TypeError("x is not a function");
  const { status } = await ask("/implicit", { "x-postkey-request": "of another" });
  expect(status).toBe(500);
});
