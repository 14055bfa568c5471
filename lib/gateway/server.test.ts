import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { flushUses } from "@/lib/access/api-keys/uses";
import { PEER_HEADER } from "@/lib/http/web/peer";
import { hashToken } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { readTrustedProxies } from "@/lib/kernel/networks";
import { administrator } from "@/lib/testing/actors";
import { keyFor } from "@/lib/testing/api";
import { withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { startGateway } from "./server";

const sandbox = withInstallation();
let params: { emailAccountId: string };
let gateway: Awaited<ReturnType<typeof startGateway>>;

beforeAll(async () => {
  const { emailAccountId } = await connectedAccount(administrator(), sandbox(), { key: "MOT1" });
  params = { emailAccountId };
  gateway = await startGateway({ host: "127.0.0.1", port: 0 });
});
afterAll(() => gateway.stop());

type Ask = { key?: string | undefined; path?: string; method?: string };

const ask = ({ key, path = `emailAccounts/${params.emailAccountId}/accessToken`, method }: Ask) =>
  fetch(`http://127.0.0.1:${gateway.port}/api/${path}`, {
    ...(method && { method }),
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
  });

test.each([
  ["no key", {}, 401],
  ["a key that is none", { key: `pk_${"x".repeat(43)}` }, 401],
  ["another operation without a key", { path: "emailAccounts" }, 401],
  ["another method", { method: "POST" }, 405],
  ["a path with more in it", { path: "emailAccounts/a/b/accessToken" }, 404],
])("refuses %s as problem details", async (_what, asked, status) => {
  const response = await ask(asked);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(await response.json()).toMatchObject({ status });
});

test("does not take an upload without end from a client without a key", async () => {
  const path = "/api/devices/import";
  const endless = httpRequest({ port: gateway.port, path, method: "POST" });
  const headers = once(endless, "response");
  const ended = once(endless, "error");
  const flood = setInterval(() => endless.write("x".repeat(20_000)), 1);
  try {
    const [response] = await headers;
    response.resume().on("error", () => {});
    await ended;
    expect(response.statusCode).toBe(401);
  } finally {
    clearInterval(flood);
  }
});

test("keeps to what a key is for", async () => {
  const missing = "emailAccounts/3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10/accessToken";
  const key = await keyFor(["tokens:read"]);
  expect((await ask({ key, path: missing })).status).toBe(404);
  expect((await ask({ key, path: "emailAccounts/x/accessToken" })).status).toBe(404);
  expect((await ask({ key: await keyFor(["accounts:read"]) })).status).toBe(403);
  expect(
    (await ask({ key: await keyFor(["tokens:read"], { accountKeyPrefix: "zz" }) })).status,
  ).toBe(404);
  const limited = await keyFor(["tokens:read"], { requestsPerMinute: 1 });
  expect((await ask({ key: limited })).status).toBe(200);
  const refused = await ask({ key: limited });
  expect([refused.status, Number(refused.headers.get("retry-after")) > 0]).toEqual([429, true]);
});

test("knows a revoked key no more from the next request on", async () => {
  const key = await keyFor(["tokens:read"]);
  expect((await ask({ key })).status).toBe(200);
  await db().apiKey.updateMany({
    where: { keyHash: hashToken(key) },
    data: { revokedAt: new Date() },
  });
  expect((await ask({ key })).status).toBe(401);
});

test("writes the uses into the audit trail", async () => {
  const key = await keyFor(["tokens:read"]);
  const { id } = await db().apiKey.findFirstOrThrow({ where: { keyHash: hashToken(key) } });
  await ask({ key });
  await flushUses(0);
  const written = await db().auditEvent.findMany({
    where: { objectId: id, action: "api_key.use" },
  });
  expect(written).toMatchObject([{ detail: { operation: "getAccessToken", status: 200 } }]);
});

test("takes the address of a client from its connection, whatever the client says of it", async () => {
  const key = await restrictedKey("203.0.113.0/24");
  env().trustProxy = undefined;
  const claims = { [PEER_HEADER]: "203.0.113.9", "x-real-ip": "203.0.113.9" };
  // Twice the same header: an adapter that reads it from what was sent reads the others there as well.
  for (const authorization of [[`Bearer ${key}`], [`Bearer ${key}`, `Bearer ${key}`]]) {
    const path = `/api/emailAccounts/${params.emailAccountId}/accessToken`;
    const headers = [...Object.entries(claims).flat(), "host", "a"];
    for (const each of authorization) headers.push("authorization", each);
    const request = httpRequest({ port: gateway.port, path, headers }).end();
    const [response] = await once(request, "response");
    response.resume();
    expect(response.statusCode).toBe(authorization.length === 1 ? 403 : 401);
  }
});

test("believes X-Forwarded-For of proxies that are named, and of nobody who is merely on this machine", async () => {
  const key = await restrictedKey("203.0.113.0/24");
  const status = async (forwardedFor: string) => {
    const path = `http://127.0.0.1:${gateway.port}/api/emailAccounts/${params.emailAccountId}/accessToken`;
    const headers = { authorization: `Bearer ${key}`, "x-forwarded-for": forwardedFor };
    return (await fetch(path, { headers })).status;
  };
  for (const trusted of ["0", "1", "10.0.0.0/8"]) {
    env().trustProxy = readTrustedProxies(trusted)?.trusted;
    expect(await status("203.0.113.9"), trusted).toBe(403);
  }
  env().trustProxy = readTrustedProxies("127.0.0.1")?.trusted;
  expect(await status("203.0.113.9")).toBe(200);
  expect(await status("203.0.113.9, 198.51.100.1")).toBe(403);
  env().trustProxy = undefined;
});

async function restrictedKey(network: string): Promise<string> {
  env().trustProxy = { hops: 1 };
  return keyFor(["tokens:read"], { addresses: [network] });
}
