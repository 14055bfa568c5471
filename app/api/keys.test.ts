import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { flushUses } from "@/lib/access/api-keys/uses";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { getAccessTokenOperation } from "@/lib/http/api/operations/access-tokens";
import { OPERATIONS } from "@/lib/http/api/operations/all";
import {
  getConnectionTestOperation,
  listConnectionTestsOperation,
  startConnectionTestOperation,
} from "@/lib/http/api/operations/connection-tests";
import {
  getEmailAccountOperation,
  listEmailAccountsOperation,
} from "@/lib/http/api/operations/email-accounts";
import { listMessagesOperation } from "@/lib/http/api/operations/messages";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { administrator } from "@/lib/testing/actors";
import { call, json, keyFor, status } from "@/lib/testing/api";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, accountForm, connectedAccount } from "@/lib/testing/sign-in";

const sandbox = withInstallation();
const ada = administrator();
let params: { emailAccountId: string };
let cloudProviderId: string;

beforeAll(async () => {
  const { emailAccountId, ...provider } = await connectedAccount(ada, sandbox(), { key: "HELP1" });
  params = { emailAccountId };
  ({ cloudProviderId } = provider);
});

describe("what a key may do", () => {
  test.each(OPERATIONS.filter(({ permission }) => permission !== null))(
    "does not reach to $id without its permission",
    async (operation) => {
      const key = await keyFor([
        operation.permission === "incidents:read" ? "audit:read" : "incidents:read",
      ]);
      const known = { ...params, cloudProviderId, connectionTestId: randomUUID() };
      const response = await call(operation, { key, params: known, body: operation.body && {} });
      expect(await json(response)).toMatchObject({ status: 403, title: "access_denied" });
    },
  );
});

describe("a key for some accounts", () => {
  const ACCOUNT = ["accounts:read", "accounts:test", "tokens:read", "mail:read"] as const;

  test.each([
    ["by their ids", () => ({ accountIds: [params.emailAccountId] })],
    ["by how their keys begin", () => ({ accountKeyPrefix: "help" })],
  ])("chosen %s sees nothing of the others", async (_how, limits) => {
    const form = accountForm({ cloudProviderId, key: `O${randomUUID().slice(0, 4)}` });
    const { id: emailAccountId } = await createEmailAccount(ada, form);
    const key = await keyFor([...ACCOUNT], limits());
    const { rows, total } = await json(await call(listEmailAccountsOperation, { key }));
    expect(rows.map(({ id }: { id: string }) => id)).toEqual([params.emailAccountId]);
    expect(total.count).toBe(1);
    const ofAccount = [
      ...[getEmailAccountOperation, getAccessTokenOperation, startConnectionTestOperation],
      ...[listConnectionTestsOperation, listMessagesOperation],
    ];
    for (const operation of ofAccount) {
      const other = await call(operation, { key, params: { emailAccountId } });
      expect(await json(other), operation.id).toMatchObject({ status: 404 });
      const own = await call(operation, { key, params });
      expect(own.status, operation.id).toBe(200);
      await own.text();
    }
  });

  test("finds no report of another account", async () => {
    const tester = await keyFor(["accounts:test", "accounts:read"]);
    const test = await call(startConnectionTestOperation, { key: tester, params });
    const last = (await test.text()).trim().split("\n").at(-1) ?? "";
    const connectionTestId: string = JSON.parse(last).connectionTestId;
    const found = await call(getConnectionTestOperation, {
      key: tester,
      params: { connectionTestId },
    });
    expect(await json(found)).toMatchObject({ status: 200, verdict: "ok", emailAddress: ALICE });
    const elsewhere = await keyFor(["accounts:read"], { accountKeyPrefix: "zz" });
    expect(
      await status(
        call(getConnectionTestOperation, { key: elsewhere, params: { connectionTestId } }),
      ),
    ).toBe(404);
  });
});

describe("a key from some addresses", () => {
  test("is refused from others, and where nobody knows", async () => {
    env().trustProxy = { hops: 1 };
    const key = await keyFor(["tokens:read"], { addresses: ["10.1.0.0/16", "2001:db8::1"] });
    const from = (address?: string) =>
      status(
        call(getAccessTokenOperation, {
          key,
          params,
          headers: address === undefined ? {} : { "x-forwarded-for": address },
        }),
      );
    expect(await from("10.1.2.3")).toBe(200);
    expect(await from("1.1.1.1, 2001:db8::1")).toBe(200);
    expect(await from("10.2.0.1")).toBe(403);
    expect(await from("10.1.2.3, 10.2.0.1")).toBe(403);
    expect(await from()).toBe(403);
    env().trustProxy = undefined;
    await expect(keyFor(["tokens:read"], { addresses: ["10.1.2.3"] })).rejects.toMatchObject({
      code: "unprocessable",
      fields: { addresses: [expect.stringContaining("POSTKEY_TRUST_PROXY")] },
    });
  });
});

test("a key is told when it asks too often, and when to come back", async () => {
  const key = await keyFor(["tokens:read"], { requestsPerMinute: 2 });
  const ask = () => call(getAccessTokenOperation, { key, params });
  expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
  const refused = await ask();
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(50);
  expect(await json(refused)).toMatchObject({ title: "too_many_requests" });
});

test("each use is in the audit trail, however often it happens", async () => {
  const key = await keyFor(["tokens:read"]);
  const { id } = await db().apiKey.findFirstOrThrow({ orderBy: { createdAt: "desc" } });
  for (let use = 0; use < 5; use += 1) await call(getAccessTokenOperation, { key, params });
  for (let madeUp = 0; madeUp < 3; madeUp += 1)
    await call(getAccessTokenOperation, { key, params: { emailAccountId: randomUUID() } });
  const written = async () =>
    (
      await db().auditEvent.findMany({
        where: { action: "api_key.use", objectId: id },
        orderBy: { id: "asc" },
      })
    ).map(({ detail }) => detail);
  const path = `/api/emailAccounts/${params.emailAccountId}/accessToken`;
  const use = { operation: "getAccessToken", path, status: 200 };
  await flushUses(0);
  expect(await written()).toEqual([
    { ...use, count: 5, since: expect.any(String) },
    {
      ...use,
      path: getAccessTokenOperation.path,
      status: 404,
      count: 3,
      since: expect.any(String),
    },
  ]);
  expect((await db().apiKey.findUnique({ where: { id } }))?.lastUsedAt).toBeInstanceOf(Date);
});
