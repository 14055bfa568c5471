import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { flushUses } from "@/lib/access/api-keys/uses";
import { getAccessTokenOperation } from "@/lib/http/api/operations/access-tokens";
import { hashToken } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { readTrustedProxies } from "@/lib/kernel/networks";
import { administrator } from "@/lib/testing/actors";
import { call, keyFor } from "@/lib/testing/api";
import { withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { startTokenListener } from "./token-listener";

vi.mock("next/headers", async () => (await import("@/lib/testing/browser")).nextHeaders);

const sandbox = withInstallation();
let params: { emailAccountId: string };
let listener: Awaited<ReturnType<typeof startTokenListener>>;

beforeAll(async () => {
  const { emailAccountId } = await connectedAccount(administrator(), sandbox(), { key: "MOT1" });
  params = { emailAccountId };
  listener = await startTokenListener(0);
});
afterAll(() => listener.stop());

type Ask = { key?: string | undefined; path?: string; method?: string };

const ask = ({ key, path = `emailAccounts/${params.emailAccountId}/accessToken`, method }: Ask) =>
  fetch(`http://127.0.0.1:${listener.port}/api/${path}`, {
    ...(method && { method }),
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
  });

const withoutTime = ({ expires_in: _, ...answer }: Record<string, unknown>) => answer;

test("hands out the same as the web's route does", async () => {
  const key = await keyFor(["tokens:read"]);
  const [here, there] = [await ask({ key }), await call(getAccessTokenOperation, { key, params })];
  expect(here.status).toBe(200);
  for (const header of ["content-type", "cache-control"])
    expect(here.headers.get(header)).toBe(there.headers.get(header));
  expect(withoutTime(await here.json())).toEqual(withoutTime(await there.json()));
});

test.each([
  ["no key", {}, 401],
  ["a key that is none", { key: `pk_${"x".repeat(43)}` }, 401],
  ["another path", { path: "emailAccounts" }, 404],
  ["another method", { method: "POST" }, 404],
  ["a path with more in it", { path: "emailAccounts/a/b/accessToken" }, 404],
])("refuses %s as problem details", async (_what, asked, status) => {
  const response = await ask(asked);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(await response.json()).toMatchObject({ status });
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

test("believes X-Forwarded-For of proxies that are named, and of nobody who is merely on this machine", async () => {
  const key = await restrictedKey("203.0.113.0/24");
  const status = async (forwardedFor: string) => {
    const path = `http://127.0.0.1:${listener.port}/api/emailAccounts/${params.emailAccountId}/accessToken`;
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
