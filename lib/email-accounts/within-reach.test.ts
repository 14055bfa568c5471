import { beforeAll, describe, expect, test } from "vitest";
import { getAccessTokenOperation } from "@/lib/http/api/operations/access-tokens";
import {
  connectCloudProviderOperation,
  createCloudProviderOperation,
} from "@/lib/http/api/operations/cloud-providers";
import { listMessagesOperation } from "@/lib/http/api/operations/messages";
import { db } from "@/lib/kernel/db";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { connectApplication } from "@/lib/sign-ins/mutations";
import { administrator } from "@/lib/testing/actors";
import { call, json, keyFor } from "@/lib/testing/api";
import { withGateway } from "@/lib/testing/gateway";
import type { KeyForm } from "@/lib/testing/made";
import { withInstallation } from "@/lib/testing/sandbox";
import { accountForm, applicationForm, connectedAccount } from "@/lib/testing/sign-in";
import { createEmailAccount } from "./mutations";

const sandbox = withInstallation();
const gateway = withGateway();
const ada = administrator();
let ofApplication: string;
let ofPerson: string;
let ofDelegate: string;

beforeAll(async () => {
  const form = applicationForm(sandbox());
  const { id: cloudProviderId } = await createCloudProvider(ada, form);
  await connectApplication(ada, { cloudProviderId });
  const account = accountForm({ cloudProviderId, key: "APP1" });
  ({ id: ofApplication } = await createEmailAccount(ada, account));
  const connected = await connectedAccount(ada, sandbox(), { key: "PER1" });
  ofPerson = connected.emailAccountId;
  const shared = { mailbox: "sales@contoso.test", key: "SHARE" };
  ({ id: ofDelegate } = await createEmailAccount(
    ada,
    accountForm({ ...shared, cloudProviderId: connected.cloudProviderId }),
  ));
});

/** The two ways in which a program gets a token. */
const WAYS = {
  "the API": (key: string, emailAccountId: string) =>
    call(getAccessTokenOperation, { key, params: { emailAccountId } }),
  "the gateway": (key: string, emailAccountId: string) =>
    fetch(`http://127.0.0.1:${gateway.port}/api/emailAccounts/${emailAccountId}/accessToken`, {
      headers: { authorization: `Bearer ${key}` },
    }),
};

describe.each(Object.entries(WAYS))("through %s", (_way, ask) => {
  test.each<[string, () => Partial<KeyForm>]>([
    ["by their ids", () => ({ accountIds: [ofApplication, ofPerson] })],
    ["by how their keys begin", () => ({ accountKeyPrefix: "app" })],
  ])(
    "a key for accounts chosen %s gets no token that opens all mailboxes",
    async (_how, limits) => {
      const answer = await json(await ask(await keyFor(["tokens:read"], limits()), ofApplication));
      expect(answer).toMatchObject({ status: 403, remedyId: "postkey.app_only_token" });
      expect(answer.access_token).toBeUndefined();
    },
  );

  test("a key for all accounts gets it, and one for some the token of a person", async () => {
    expect((await ask(await keyFor(["tokens:read"]), ofApplication)).status).toBe(200);
    const key = await keyFor(["tokens:read"], { accountIds: [ofPerson] });
    expect((await ask(key, ofPerson)).status).toBe(200);
    const sharing = await keyFor(["tokens:read"], { accountIds: [ofDelegate] });
    const refusal = { status: 403, remedyId: "postkey.delegate_token" };
    expect(await json(await ask(sharing, ofDelegate))).toMatchObject(refusal);
    // What it does not reach does not exist to it, whoever opens it.
    expect((await ask(key, ofApplication)).status).toBe(404);
  });
});

test("a key for some accounts gets no token of a mailbox that a link to Postkey was mailed to", async () => {
  const key = await keyFor(["tokens:read"], { accountIds: [ofPerson] });
  const until = new Date(Date.now() + 60_000);
  await db().mailboxWithLinks.create({ data: { key: "alice+invited@contoso.test", until } });
  const answers = Object.values(WAYS).map(async (ask) => json(await ask(key, ofPerson)));
  const refusal = { status: 403, remedyId: "postkey.links_in_mailbox" };
  expect(await Promise.all(answers)).toMatchObject([refusal, refusal]);
  expect((await WAYS["the API"](await keyFor(["tokens:read"]), ofPerson)).status).toBe(200);
  await db().mailboxWithLinks.deleteMany();
});

test("a key for some accounts reads through Postkey what the application opens", async () => {
  const key = await keyFor(["mail:read"], { accountIds: [ofApplication] });
  const params = { emailAccountId: ofApplication };
  expect((await call(listMessagesOperation, { key, params })).status).toBe(200);
});

test("an application that signs in by itself is registered and connected by a program", async () => {
  const key = await keyFor(["providers:write", "tokens:read"]);
  const body = applicationForm(sandbox());
  const { id } = await json(await call(createCloudProviderOperation, { key, body }));
  const account = await createEmailAccount(ada, accountForm({ cloudProviderId: id }));
  const token = async () =>
    json(await call(getAccessTokenOperation, { key, params: { emailAccountId: account.id } }));
  expect(await token()).toMatchObject({ status: 409, remedyId: "postkey.not_connected" });
  const connect = { key, params: { cloudProviderId: id } };
  const connected = await json(await call(connectCloudProviderOperation, connect));
  expect(connected).toEqual({ status: 200, missing: [] });
  expect(await token()).toMatchObject({ status: 200, token_type: "Bearer" });
});
