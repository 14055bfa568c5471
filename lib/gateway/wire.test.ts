import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStreams } from "@/lib/kernel/events/streams";
import { administrator } from "@/lib/testing/actors";
import { keyFor } from "@/lib/testing/api";
import { withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { startGateway } from "./server";

const sandbox = withInstallation();
let emailAccountId: string;
let key: string;
let gateway: Awaited<ReturnType<typeof startGateway>>;

beforeAll(async () => {
  ({ emailAccountId } = await connectedAccount(administrator(), sandbox(), { key: "MOT1" }));
  key = await keyFor([
    ...(["tokens:read", "accounts:test", "accounts:read"] as const),
    ...(["contacts:write", "events:read", "devices:write"] as const),
  ]);
  gateway = await startGateway({ host: "127.0.0.1", port: 0 });
});
afterAll(() => gateway.stop());

type Head = { method?: string; path?: string; headers?: readonly string[]; version?: string };

function head({ method = "GET", path = "/api/errors/AADSTS50105", headers = [] }: Head): string {
  const lines = [`${method} ${path} HTTP/1.1`, "host: a", `authorization: Bearer ${key}`];
  return [...lines, ...headers, "", ""].join("\r\n");
}

/** What the server says until it closes the connection. */
async function say(written: string, port = gateway.port): Promise<string> {
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  socket.write(written);
  return text(socket);
}

const CLOSE = "connection: close";
const lastHead = (asked: Head) => head({ ...asked, headers: [...(asked.headers ?? []), CLOSE] });
const bodyOf = (answer: string) => JSON.parse(answer.slice(answer.indexOf("\r\n\r\n")));

describe("the gateway", () => {
  test("answers requests that come at once one after the other", async () => {
    const paths = ["/api/errors/AADSTS50105", "/api/nothing", "/api/errors/AADSTS7000222"];
    const [first = "", second = "", third = ""] = paths;
    const said = await say(
      head({ path: first }) + head({ path: second }) + lastHead({ path: third }),
    );
    expect([...said.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => status)).toEqual([
      ...["200", "404", "200"],
    ]);
    expect(said.indexOf("AADSTS50105")).toBeLessThan(said.indexOf("AADSTS7000222"));
  });

  test("lets nobody guess what a text is, or keep it", async () => {
    for (const path of ["/api/health", "/api/nothing", "/api/errors/AADSTS50105"]) {
      const said = await say(lastHead({ path }));
      expect(said, path).toContain("\r\nx-content-type-options: nosniff\r\n");
      expect(said.match(/\r\ncache-control: .*/g), path).toEqual(["\r\ncache-control: no-store"]);
    }
  });

  test("says of a text how long it is, also where it only is asked for its header", async () => {
    const get = await say(lastHead({}));
    const [, length] = /\r\ncontent-length: (\d+)\r\n/i.exec(get) ?? [];
    expect(Number(length)).toBe(Buffer.byteLength(get.slice(get.indexOf("\r\n\r\n") + 4)));
    const withoutDate = (answer: string) => answer.replace(/\r\ndate: .*/i, "");
    const only = await say(lastHead({ method: "HEAD" }));
    expect(withoutDate(only)).toBe(withoutDate(get.slice(0, get.indexOf("\r\n\r\n") + 4)));
  });

  test.each<[string, Head, number]>([
    ["no encoding", { path: "/api/errors/%E0%A4%A" }, 400],
    ["an address in full", { path: "http://evil.test/api/errors/AADSTS50105" }, 200],
    ["dots in its address", { path: "/api/contacts/../errors/AADSTS50105" }, 200],
    ["an address of something else", { path: "/sign-in" }, 404],
    ["a method that this address has not", { method: "PATCH" }, 405],
    ["a method that nothing has", { method: "TRACE" }, 405],
    ["a header of 8 KiB", { headers: [`x-long: ${"x".repeat(8_000)}`] }, 200],
    ["a header of 32 KiB", { headers: [`x-long: ${"x".repeat(32_000)}`] }, 431],
    ["a body of 300 KB", { method: "POST", headers: ["content-length: 300000"] }, 413],
    ["a slash too many at its end", { path: "/api/contacts/" }, 404],
    ["a slash too many in it", { path: "/api//contacts" }, 404],
    ["two hosts", { headers: ["Host: b"] }, 400],
    ["a body in gzip", { method: "POST", headers: ["transfer-encoding: gzip, chunked"] }, 501],
    ["everything as its address", { path: "*" }, 400],
    ["a question about everything", { method: "OPTIONS", path: "*" }, 204],
    ["two lengths", { method: "POST", headers: ["content-length: 1", "content-length: 2"] }, 400],
  ])("answers a request with %s", async (_what, asked, status) => {
    const said = await say(lastHead(asked));
    expect(said).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    if (status === 405 || status === 204) expect(said).toMatch(/\r\nallow: /i);
  });

  test("refuses a body that does not say how long it is, once it is too long", async () => {
    const headers = ["transfer-encoding: chunked", "content-type: application/json"];
    const start = head({ method: "POST", path: "/api/contacts", headers });
    const chunk = `8000\r\n${" ".repeat(0x8000)}\r\n`;
    const said = await say(start + chunk.repeat(10));
    expect(said).toMatch(/^HTTP\/1\.1 413 /);
    expect(bodyOf(said)).toMatchObject({ title: "payload_too_large" });
  });

  test.each([
    ["by a byte", 256 * 1024 + 1],
    ["by twice and more", 1024 * 1024],
  ])("refuses a file that is too long %s and does not say so", async (_what, size) => {
    const headers = ["transfer-encoding: chunked", "content-type: text/csv", CLOSE];
    const start = head({ method: "POST", path: "/api/devices/import", headers });
    const socket = connect(gateway.port, "127.0.0.1").on("error", () => {});
    let said = "";
    socket.on("data", (data) => {
      said += data;
    });
    socket.write(`${start}${size.toString(16)}\r\n${"x".repeat(size)}\r\n`);
    await expect.poll(() => said, { timeout: 10_000 }).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
  });

  test("reads a body whole, however it comes", async () => {
    const body = JSON.stringify({ name: "x" });
    const headers = ["transfer-encoding: chunked", "content-type: application/json", CLOSE];
    const start = head({ method: "POST", path: "/api/contactLists", headers });
    const socket = connect(gateway.port, "127.0.0.1");
    socket.write(start);
    for (const byte of body) {
      socket.write(`1\r\n${byte}\r\n`);
      await new Promise((soon) => setImmediate(soon));
    }
    socket.write("0\r\n\r\n");
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 201 /);
  });

  test("has no cookies: a browser's session is nobody here", async () => {
    const cookie = "cookie: postkey.session=eyJhbGciOiJIUzI1NiJ9.e30.x";
    const said = await say(
      `GET /api/contacts HTTP/1.1\r\nhost: a\r\n${cookie}\r\n${CLOSE}\r\n\r\n`,
    );
    expect(said).toMatch(/^HTTP\/1\.1 401 /);
  });
});

describe("strangers", () => {
  const PLACES = 250;
  const from = (localAddress: string, { port } = gateway) =>
    connect({ port, host: "127.0.0.1", localAddress }).on("error", () => {});

  test("take no more than their share of the connections, and never those of programs", async () => {
    const patient = await startGateway({ host: "127.0.0.1", port: 0, headersWithinMs: 60_000 });
    const answer = (localAddress: string) => {
      const socket = from(localAddress, patient);
      socket.write(lastHead({}));
      return text(socket).catch(() => "");
    };
    const silent = Array.from({ length: PLACES + 20 }, () => from("127.0.0.9", patient));
    try {
      const closed = () => silent.filter((socket) => socket.closed).length;
      await expect.poll(closed, { timeout: 20_000 }).toBe(20);
      await once(from("127.0.0.9", patient), "close");
      expect(await answer("127.0.0.8")).toMatch(/^HTTP\/1\.1 200 /);
      expect(closed()).toBe(20);
      silent.find((socket) => !socket.closed)?.destroy();
      await expect.poll(() => answer("127.0.0.9")).toMatch(/^HTTP\/1\.1 200 /);
    } finally {
      for (const socket of silent) socket.destroy();
      await patient.stop();
    }
  }, 60_000);

  test("keep no connection for long, silent or not, and programs keep theirs", async () => {
    const brief = await startGateway({ host: "127.0.0.1", port: 0, headersWithinMs: 1_000 });
    const program = from("127.0.0.7", brief);
    program.write(head({}));
    expect(String((await once(program, "data"))[0])).toMatch(/^HTTP\/1\.1 200 /);
    const silent = from("127.0.0.1", brief);
    const stranger = "GET /api/contacts HTTP/1.1\r\nhost: a\r\n\r\n";
    const said = await say(stranger, brief.port);
    expect(said).toMatch(/^HTTP\/1\.1 401 /);
    expect(said).toMatch(/\r\nkeep-alive: timeout=1\r\n/i);
    await text(silent);
    expect(program.readyState).toBe("open");
    program.destroy();
    await brief.stop();
  });

  test("have no say over how many connections programs have", async () => {
    const many: Socket[] = [];
    while (many.length < PLACES + 20) {
      const each = from("127.0.0.7");
      many.push(each);
      each.write(head({}));
      expect(String((await once(each, "data"))[0])).toMatch(/^HTTP\/1\.1 200 /);
    }
    expect(many.every(({ readyState }) => readyState === "open")).toBe(true);
    for (const each of many) each.destroy();
  }, 40_000);
});

describe("a stream whose client leaves ends at once", () => {
  test.each<[string, Head]>([
    ["of events", { path: "/api/events" }],
    ["of a connection test", { method: "POST" }],
  ])("%s", async (_what, asked) => {
    sandbox().faults.set("mail_hang");
    const path = asked.path ?? `/api/emailAccounts/${emailAccountId}/connectionTest`;
    const socket = connect(gateway.port, "127.0.0.1").on("error", () => {});
    socket.write(head({ ...asked, path }));
    await once(socket, "data");
    expect(openStreams().size).toBe(1);
    socket.destroy();
    await expect.poll(() => openStreams().size).toBe(0);
  });
});
