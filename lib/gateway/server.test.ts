import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { PEER_HEADER } from "@/lib/http/web/peer";
import { env } from "@/lib/kernel/env";
import { openStreams } from "@/lib/kernel/events/stream-places";
import { readTrustedProxies } from "@/lib/kernel/networks";
import { administrator } from "@/lib/testing/actors";
import { keyFor, withKey } from "@/lib/testing/api";
import { withGateway } from "@/lib/testing/gateway";
import { withInstallation } from "@/lib/testing/sandbox";
import { withAccount } from "@/lib/testing/sign-in";
import { startGateway } from "./server";

/** What is the gateway's own. Its limits are those of guarded-server.test.ts, its answers those of door.test.ts. */
const sandbox = withInstallation();
const gateway = withGateway();
const account = withAccount(administrator(), sandbox);
const key = withKey("accounts:test", "accounts:read", "events:read", "devices:write");

type Head = { method?: string; path?: string; headers?: readonly string[] };

function head({ method = "GET", path = "/api/errors/AADSTS50105", headers = [] }: Head): string {
  const lines = [`${method} ${path} HTTP/1.1`, "host: a", `authorization: Bearer ${key()}`];
  return [...lines, ...headers, "", ""].join("\r\n");
}

/** What the server says until it closes the connection. */
function say(written: string, port = gateway.port): Promise<string> {
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  socket.write(written);
  return text(socket);
}

const CLOSE = "connection: close";
const lastHead = (asked: Head) => head({ ...asked, headers: [...(asked.headers ?? []), CLOSE] });

test("requests that come at once are answered one after the other", async () => {
  const paths = ["/api/errors/AADSTS50105", "/api/nothing"].map((path) => head({ path }));
  const said = await say(paths.join("") + lastHead({ path: "/api/errors/AADSTS7000222" }));
  const statuses = [...said.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => status);
  expect(statuses).toEqual(["200", "404", "200"]);
  expect(said.indexOf("AADSTS50105")).toBeLessThan(said.indexOf("AADSTS7000222"));
});

test("a text says how long it is, to HEAD as well, and nobody guesses what it is, or keeps it", async () => {
  const get = await say(lastHead({}));
  const end = get.indexOf("\r\n\r\n") + 4;
  const [, length] = /\r\ncontent-length: (\d+)\r\n/i.exec(get) ?? [];
  expect(Number(length)).toBe(Buffer.byteLength(get.slice(end)));
  const withoutDate = (answer: string) => answer.replace(/\r\ndate: .*/i, "");
  const only = await say(lastHead({ method: "HEAD" }));
  expect(withoutDate(only)).toBe(withoutDate(get.slice(0, end)));
  for (const said of [get, await say(lastHead({ path: "/api/nothing" }))]) {
    expect(said).toContain("\r\nx-content-type-options: nosniff\r\n");
    expect(said.match(/\r\ncache-control: .*/g)).toEqual(["\r\ncache-control: no-store"]);
  }
});

test.each<[string, Head, number]>([
  ["an address in full", { path: "http://evil.test/api/errors/AADSTS50105" }, 200],
  ["dots in its address", { path: "/api/contacts/../errors/AADSTS50105" }, 200],
  ["an address of something else", { path: "/sign-in" }, 404],
  ["a method that nothing has", { method: "TRACE" }, 405],
  ["a header of 32 KiB", { headers: [`x-long: ${"x".repeat(32_000)}`] }, 431],
  ["a body of 300 KB", { method: "POST", headers: ["content-length: 300000"] }, 413],
  ["a question about everything", { method: "OPTIONS", path: "*" }, 400],
])("a request with %s is answered", async (_what, asked, status) => {
  expect(await firstOf(lastHead(asked))).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
});

/** Without waiting for the end: the server lingers, for one who reads late. */
async function firstOf(written: string): Promise<string> {
  const socket = connect(gateway.port, "127.0.0.1").on("error", () => {});
  socket.write(written);
  const [said] = await once(socket, "data");
  socket.destroy();
  return String(said);
}

test("a file that is a byte too long, and does not say so, is refused", async () => {
  const headers = ["transfer-encoding: chunked", "content-type: text/csv", CLOSE];
  const start = head({ method: "POST", path: "/api/devices/import", headers });
  const size = 256 * 1024 + 1;
  const sent = `${start}${size.toString(16)}\r\n${"x".repeat(size)}\r\n`;
  expect(await firstOf(sent)).toMatch(/^HTTP\/1\.1 413 /);
});

test("there are no cookies: a browser's session is nobody here", async () => {
  const cookie = "cookie: postkey.session=eyJhbGciOiJIUzI1NiJ9.e30.x";
  const said = say(`GET /api/contacts HTTP/1.1\r\nhost: a\r\n${cookie}\r\n${CLOSE}\r\n\r\n`);
  expect(await said).toMatch(/^HTTP\/1\.1 401 /);
});

describe("the address of a client", () => {
  let restricted: string;
  beforeAll(async () => {
    env().trustProxy = { hops: 1 };
    restricted = await keyFor(["tokens:read"], { addresses: ["203.0.113.0/24"] });
  });
  afterEach(() => {
    env().trustProxy = undefined;
  });

  async function status(headers: Record<string, string>, times = 1): Promise<string | undefined> {
    const path = `/api/emailAccounts/${account.emailAccountId}/accessToken`;
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const bearers = Array.from({ length: times }, () => `authorization: Bearer ${restricted}`);
    const request = [`GET ${path} HTTP/1.1`, "host: a", CLOSE, ...lines, ...bearers, "", ""];
    return /^HTTP\/1\.1 (\d+)/.exec(await say(request.join("\r\n")))?.[1];
  }

  test("is its connection's, whatever it says of it", async () => {
    const claims = { [PEER_HEADER]: "203.0.113.9", "x-real-ip": "203.0.113.9" };
    expect(await status(claims)).toBe("403");
    // Twice the same header: an adapter that reads it from what was sent reads the others there as well.
    expect(await status(claims, 2)).toBe("401");
  });

  test("is what proxies that are named say, and nobody who is merely on this machine", async () => {
    const forwarded = { "x-forwarded-for": "203.0.113.9" };
    for (const trusted of ["0", "1", "10.0.0.0/8"]) {
      env().trustProxy = readTrustedProxies(trusted)?.trusted;
      expect(await status(forwarded), trusted).toBe("403");
    }
    env().trustProxy = readTrustedProxies("127.0.0.1")?.trusted;
    expect(await status(forwarded)).toBe("200");
    expect(await status({ "x-forwarded-for": "203.0.113.9, 198.51.100.1" })).toBe("403");
  });
});

describe("strangers", () => {
  const from = (localAddress: string, { port } = gateway) =>
    connect({ port, host: "127.0.0.1", localAddress }).on("error", () => {});
  const answered = async (socket: Socket) => {
    socket.write(head({}));
    expect(String((await once(socket, "data"))[0])).toMatch(/^HTTP\/1\.1 200 /);
  };

  test("keep no connection for long, silent or not, and programs keep theirs", async () => {
    const brief = await startGateway({ host: "127.0.0.1", port: 0, headersWithinMs: 1_000 });
    const program = from("127.0.0.7", brief);
    await answered(program);
    const silent = from("127.0.0.1", brief);
    const said = await say("GET /api/contacts HTTP/1.1\r\nhost: a\r\n\r\n", brief.port);
    expect(said).toMatch(/^HTTP\/1\.1 401 [\s\S]*\r\nkeep-alive: timeout=1\r\n/i);
    await text(silent);
    expect(program.readyState).toBe("open");
    program.destroy();
    await brief.stop();
  });

  test("have no say over how many connections programs have", async () => {
    const many: Socket[] = [];
    while (many.length < 270) {
      many.push(from("127.0.0.7"));
      await answered(many.at(-1) as Socket);
    }
    expect(many.every(({ readyState }) => readyState === "open")).toBe(true);
    for (const each of many) each.destroy();
  }, 40_000);
});

test.each<[string, Head]>([
  ["of events", { path: "/api/events" }],
  ["of a connection test", { method: "POST" }],
])("a stream %s whose client leaves ends at once", async (_what, asked) => {
  sandbox().faults.set("mail_hang");
  const path = asked.path ?? `/api/emailAccounts/${account.emailAccountId}/connectionTest`;
  const socket = connect(gateway.port, "127.0.0.1").on("error", () => {});
  socket.write(head({ ...asked, path }));
  await once(socket, "data");
  expect(openStreams().size).toBe(1);
  socket.destroy();
  await expect.poll(() => openStreams().size).toBe(0);
});
