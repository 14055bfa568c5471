import type { RequestListener, ServerResponse } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { HttpsError } from "@/lib/egress/https";
import { startHttpsServer, type TestServer } from "@/lib/testing/https-server";
import { withInstallation } from "@/lib/testing/sandbox";
import { sendHttps } from "./https";
import { createNetworkClient } from "./microsoft/msal-client";
import { classifyMicrosoftReply } from "./microsoft/refusals";

const sandbox = withInstallation();
const servers: TestServer[] = [];

afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function serve(answer: RequestListener, certificate?: "wrongName"): Promise<TestServer> {
  const server = await startHttpsServer(sandbox().stateDir, answer, certificate);
  servers.push(server);
  return server;
}

const get = (url: string, deadlineMs?: number) => sendHttps({ url, method: "GET" }, deadlineMs);

describe("one request", () => {
  test("follows no redirect: the other host sees nothing", async () => {
    const other = await serve((_request, reply) => reply.end("caught"));
    const server = await serve((_request, reply) => {
      reply.writeHead(307, { location: other.origin }).end();
    });
    const input = { url: server.origin, method: "POST", body: "client_secret=x" } as const;
    expect((await sendHttps(input)).status).toBe(307);
    expect(other.seen).toEqual([]);
  });

  test.each<[string, (reply: ServerResponse) => void]>([
    ["while nothing comes", () => {}],
    ["in the middle of a body that drips", (reply) => void reply.write("a")],
  ])("ends at the deadline %s", async (_when, answer) => {
    let isClosed = false;
    const server = await serve(({ socket }, reply) => {
      answer(reply);
      socket.once("close", () => {
        isClosed = true;
      });
    });
    // A busy machine needs longer to connect, and then nothing was open at the server.
    const end = async () =>
      expect(get(server.origin, 100)).rejects.toMatchObject({ networkCode: "DEADLINE" });
    await expect.poll(() => end().then(() => isClosed)).toBe(true);
  });

  test("takes 256 KiB, and not a byte more", async () => {
    const server = await serve((request, reply) => {
      reply.end("x".repeat(Number(request.url?.slice(1))));
    });
    expect((await get(`${server.origin}/262144`)).body).toHaveLength(262_144);
    const tooLong = get(`${server.origin}/262145`);
    await expect(tooLong).rejects.toMatchObject({ networkCode: "TOO_LARGE" });
  });

  test("takes no body that was cut off", async () => {
    const server = await serve((_request, reply) => {
      reply.writeHead(200, { "content-length": "100" });
      reply.write("half", () => reply.socket?.destroy());
    });
    await expect(get(server.origin)).rejects.toMatchObject({ networkCode: "CUT_OFF" });
  });

  test.each([
    ['{"access_token":"abc', "CUT_OFF"],
    ['{"a":{"b":[1]}', "CUT_OFF"],
    ['{"a":{"b":[1,"\\""]}}', null],
    ["{broken}", null],
    // 256 KiB that a regular expression with two ways to read them would never come to the end of.
    [`{"${'\\"'.repeat(131_070)}`, "CUT_OFF"],
    [`{"${'\\"'.repeat(131_070)}\\`, "CUT_OFF"],
    ["[".repeat(262_144), "CUT_OFF"],
  ])(
    "tells JSON that was cut off before its length was counted: %.20s",
    async (body, networkCode) => {
      const server = await serve((_request, reply) => reply.end(body));
      const error = await get(server.origin).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error instanceof HttpsError ? error.networkCode : null).toBe(networkCode);
    },
  );

  test("trusts no certificate for another name", async () => {
    const server = await serve((_request, reply) => reply.end(), "wrongName");
    await expect(get(server.origin)).rejects.toMatchObject({
      networkCode: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
    expect(server.seen).toEqual([]);
  });

  test("is sent again on a new connection when the kept one was closed meanwhile", async () => {
    const server = await serve((_request, reply) => {
      reply.end("ok", () => setImmediate(() => reply.socket?.destroy()));
    });
    for (let index = 0; index < 5; index += 1) expect((await get(server.origin)).body).toBe("ok");
  });
});

test("of a burst of kept connections that are all reset, none costs a request its answer", async () => {
  let isReset = false;
  const old = new Set<unknown>();
  const together: (() => void)[] = [];
  const server = await serve((request, reply) => {
    if (isReset && old.has(request.socket)) reply.socket?.destroy();
    if (isReset) reply.end("ok");
    if (isReset) return;
    old.add(request.socket);
    together.push(() => reply.end("ok"));
    if (together.length === 6) for (const end of together) end();
  });
  await Promise.all(Array.from({ length: 6 }, () => get(server.origin)));
  expect(old.size).toBe(6);
  isReset = true;
  for (let index = 0; index < 6; index += 1) expect((await get(server.origin)).body).toBe("ok");
});

describe("a code, which is spent by its first use,", () => {
  test.each(["authorization_code", "urn:ietf:params:oauth:grant-type:device_code"])(
    "goes out once, and on no connection from before (%s)",
    async (grant) => {
      const ports: (number | undefined)[] = [];
      const server = await serve((request, reply) => {
        ports.push(request.socket.remotePort);
        if (request.method === "GET") reply.end("kept");
        else reply.socket?.destroy(); // after it was read, and before an answer
      });
      await get(server.origin);
      const body = new URLSearchParams({ grant_type: grant, code: "spent" }).toString();
      const spent = sendHttps({ url: server.origin, method: "POST", body });
      await expect(spent).rejects.toBeInstanceOf(HttpsError);
      expect(ports).toHaveLength(2);
      expect(new Set(ports).size).toBe(2);
    },
  );

  test("unlike a refresh token, which goes out again where a kept connection ended", async () => {
    let posts = 0;
    const server = await serve((request, reply) => {
      if (request.method === "POST") posts += 1;
      if (posts === 1) reply.socket?.destroy();
      else reply.end("kept");
    });
    await get(server.origin);
    const body = new URLSearchParams({
      grant_type: "refresh_token",
      refresh_token: "x",
    }).toString();
    expect((await sendHttps({ url: server.origin, method: "POST", body })).body).toBe("kept");
    expect(posts).toBe(2);
  });
});

describe("MSAL's client", () => {
  test("speaks to its one host", async () => {
    const server = await serve((_request, reply) => reply.end("{}"));
    const client = createNetworkClient("login.microsoftonline.com", classifyMicrosoftReply);
    await expect(client.sendPostRequestAsync(server.origin)).rejects.toMatchObject({
      networkCode: "FOREIGN_HOST",
    });
    expect(server.seen).toEqual([]);
  });

  test("takes a 200 without a token for no answer at all", async () => {
    const server = await serve((_request, reply) => reply.end("<h1>Hotel Wi-Fi</h1>"));
    const client = createNetworkClient(new URL(server.origin).host, classifyMicrosoftReply);
    await expect(client.sendPostRequestAsync(server.origin)).rejects.toThrow();
    const remedyId = "postkey.malformed_token_response";
    expect(client.failure).toMatchObject({ kind: "retry", remedyId });
  });
});
