import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import type { Page } from "@playwright/test";
import { z } from "zod";
import { API_MAX_BYTES, bodyLimits } from "@/lib/http/web/request-limits";
import { adminsPage, expect, installation, test } from "./installation";
import { ACTION_ID, allPaths } from "./strangers";

const ID = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";

/** What exists, with the addresses of the API, which the build has one route for. */
const paths = allPaths
  .map((path) => path.replaceAll(/\[(?:\.\.\.)?(\w+)\]/g, ID))
  .concat("/api/auth/callback/credentials", "/api/auth/signin", "/api/auth/_log");

const UPLOADS = [
  ...["/api/contacts/import", "/api/devices/import", "/api/emailAccounts/import"],
  "/api/migration/smtpAuthReport",
];
const OVERSIZED = Buffer.alloc(9 * 1024 * 1024, "a=b&");
const FORM = "application/x-www-form-urlencoded";

/** As long as load balancers usually wait for a health check. */
const ANSWER_MS = 5_000;

type Sent = { type: string; body: Buffer | string; isChunked?: boolean };

/** @returns the status; 0 when the connection was closed before there was one */
async function post(path: string, { type, body, isChunked }: Sent): Promise<number> {
  const headers = {
    "content-type": type,
    "next-action": ACTION_ID,
    ...(isChunked && { "transfer-encoding": "chunked" }),
  };
  const sent = request(new URL(path, installation.url), { method: "POST", headers });
  const answered = once(sent, "response");
  // The answer is there before all of the body is sent.
  sent.on("error", () => {});
  sent.end(body);
  try {
    const [response]: IncomingMessage[] = await answered;
    response?.resume();
    return response?.statusCode ?? 0;
  } catch {
    return 0;
  }
}

/** Sends a byte now and then, and never all of them. */
async function drip(path: string): Promise<string> {
  const { hostname, port } = new URL(installation.url);
  const socket = connect(Number(port), hostname).on("error", () => {});
  socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: ${FORM}\r\n`);
  socket.write("content-length: 10000\r\n\r\n");
  const timer = setInterval(() => socket.write("a"), 200);
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  // By a reset at times, because it went on sending.
  await new Promise((closed) => socket.once("close", closed));
  clearInterval(timer);
  return answer.split("\r\n", 1)[0] ?? "";
}

function residentMegabytes(): number {
  const kilobytes = execFileSync("ps", ["-o", "rss=", "-p", `${installation.webPid}`]).toString();
  return Number(kilobytes) / 1024;
}

/** While something is done: how long a load balancer waits for its answer, and how large the web grows. */
async function watched(work: () => Promise<void>) {
  const before = residentMegabytes();
  let [slowestMs, most, isOver] = [0, before, false];
  const watching = (async () => {
    while (!isOver) {
      const startedAt = performance.now();
      expect((await fetch(new URL("/api/health", installation.url))).status).toBe(200);
      slowestMs = Math.max(slowestMs, performance.now() - startedAt);
      most = Math.max(most, residentMegabytes());
      await new Promise((go) => setTimeout(go, 100));
    }
  })();
  try {
    await work();
  } finally {
    isOver = true;
    await watching;
  }
  return { slowestMs, grownMegabytes: most - before };
}

async function eachPath(work: (path: string) => Promise<void>, atOnce = 8): Promise<void> {
  const left = [...paths];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let path = left.shift(); path !== undefined; path = left.shift()) await work(path);
    }),
  );
}

test.describe("before anybody is known", () => {
  test.setTimeout(400_000);
  test.beforeAll(async ({ browser }) => {
    const page = await adminsPage(browser);
    const description = await (await page.request.get("/api/openapi.json")).json();
    const described = z.object({ paths: z.object({}).loose() }).parse(description).paths;
    paths.push(...Object.keys(described).map((path) => path.replaceAll(/\{\w+\}/g, ID)));
    await page.context().close();
    // As many requests as are measured afterwards, of the longest body that is allowed: what the web grows by for
    // those, until it collects what is not used any more, is not what is measured.
    await watched(() =>
      eachPath(async (path) => {
        const body = `a=${"b".repeat(Math.min(bodyLimits(path).maxBytes, API_MAX_BYTES) - 2)}`;
        for (let count = 0; count < 8; count += 1) await post(path, { type: FORM, body });
      }),
    );
  });

  test("no route takes a body that is too long, and the web neither grows nor stops answering", async () => {
    const { slowestMs, grownMegabytes } = await watched(() =>
      eachPath(async (path) => {
        for (const type of [
          FORM,
          "application/json",
          "text/plain",
          "multipart/form-data; boundary=a",
        ]) {
          const sent = { type, body: OVERSIZED };
          expect(await post(path, sent), `${path} ${type}`).toBe(413);
          // Of what does not say how long it is, the upload's reader asks who it is first.
          const expected = UPLOADS.includes(path) ? [0, 401, 403, 413] : [413];
          expect(expected, path).toContain(await post(path, { ...sent, isChunked: true }));
        }
      }),
    );
    expect(grownMegabytes).toBeLessThanOrEqual(50);
    expect(slowestMs).toBeLessThan(ANSWER_MS);
  });

  test("no parser is given many fields, or JSON that is long or deep", async () => {
    const fields = Array.from({ length: 1_000 }, (_, at) => `f${at}=1`).join("&");
    const part = '--a\r\ncontent-disposition: form-data; name="f"\r\n\r\n1\r\n';
    const { slowestMs, grownMegabytes } = await watched(() =>
      eachPath(async (path) => {
        if (UPLOADS.includes(path)) return;
        for (const [type, body] of [
          [FORM, fields],
          ["multipart/form-data; boundary=a", `${part.repeat(250)}--a--\r\n`],
          ["application/json", "[".repeat(10_000)],
          ["text/plain", `[${"1,".repeat(12_000)}1]`],
        ] as const)
          expect(await post(path, { type, body }), `${path} ${type}`).toBe(413);
      }),
    );
    expect(grownMegabytes).toBeLessThanOrEqual(50);
    expect(slowestMs).toBeLessThan(ANSWER_MS);
  });

  test("no route waits long for a body that drips", async () => {
    const { slowestMs, grownMegabytes } = await watched(() =>
      eachPath(async (path) => {
        if (UPLOADS.includes(path)) return;
        expect(await drip(path), path).toContain(" 408 ");
      }, paths.length),
    );
    expect(grownMegabytes).toBeLessThanOrEqual(50);
    expect(slowestMs).toBeLessThan(ANSWER_MS);
  });
});

const PYTHON = `
import http.client, sys
host, port, tries = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
body = b"a" * 20_000_000
for _ in range(tries):
    connection = http.client.HTTPConnection(host, port)
    connection.request("POST", "/api/contacts/import", body)
    print(connection.getresponse().status)
    connection.close()
`;

/** Each sends 20 MB where 8 are taken. Its statuses, counted. */
const CLIENTS: Record<string, (tries: number, page: Page) => Promise<string[]>> = {
  curl: async (tries) => {
    const file = "/api/contacts/import";
    const url = new URL(file, installation.url).href;
    const many = "--data-binary @- -H expect: -s -o /dev/null -w %{http_code}\\n".split(" ");
    const input = Buffer.alloc(20_000_000, "a");
    return Array.from({ length: tries }, () =>
      execFileSync("curl", [...many, url], { input })
        .toString()
        .trim(),
    );
  },
  Python: async (tries) => {
    const { hostname, port } = new URL(installation.url);
    return execFileSync("python3", ["-c", PYTHON, hostname, port, `${tries}`])
      .toString()
      .trim()
      .split("\n");
  },
  "a browser": async (tries, page) =>
    page.evaluate(async (count) => {
      const body = new Blob(["a".repeat(20_000_000)]);
      const statuses: string[] = [];
      for (let at = 0; at < count; at += 1)
        statuses.push(`${(await fetch("/api/contacts/import", { method: "POST", body })).status}`);
      return statuses;
    }, tries),
};

for (const [client, send] of Object.entries(CLIENTS))
  test(`${client} that still sends sees why it is refused, in 1,000 of 1,000 tries`, async ({
    page,
  }) => {
    test.setTimeout(1_200_000);
    await page.goto("/contacts");
    const before = residentMegabytes();
    expect(new Set(await send(1_000, page))).toEqual(new Set(["413"]));
    expect(residentMegabytes() - before).toBeLessThanOrEqual(50);
  });
