import { beforeAll, describe, expect, test } from "vitest";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { createContact } from "@/lib/contacts/mutations";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import type { AnyOperation } from "@/lib/http/api/operation";
import { OPERATIONS } from "@/lib/http/api/operations/all";
import { createContactOperation } from "@/lib/http/api/operations/contacts";
import { emailAccountOperations } from "@/lib/http/api/operations/email-accounts";
import { db } from "@/lib/kernel/db";
import { hostsOf } from "@/lib/oauth/configured-clouds";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { administrator } from "@/lib/testing/actors";
import { call, json, keyFor, status } from "@/lib/testing/api";
import { createDevice } from "@/lib/testing/made";
import { withInstallation } from "@/lib/testing/sandbox";
import { accountForm, connectedAccount, providerForm } from "@/lib/testing/sign-in";
import { createAlertChannel } from "@/lib/watch/alerts/mutations";
import { createAlertChannelSchema } from "@/lib/watch/alerts/schema";

const sandbox = withInstallation();
const ada = administrator();
const MISSING = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";
let key: string;
let cloudProviderId: string;
let connectedId: string;

beforeAll(async () => {
  const connected = await connectedAccount(ada, sandbox(), { key: "CONN" });
  ({ cloudProviderId } = connected);
  connectedId = connected.emailAccountId;
  key = await keyFor([
    ...(["accounts:read", "accounts:write", "contacts:read", "contacts:write"] as const),
    ...(["providers:read", "providers:write", "devices:read", "devices:write"] as const),
    ...(["alerts:read", "alerts:write"] as const),
  ]);
});

const endpoint = (port: number) => ({ host: "mail.contoso.com", port, tls: "implicit" as const });
const HOSTS = { imap: endpoint(993), smtp: endpoint(465), pop3: endpoint(995) };
const CUSTOM = { service: "custom", modernAuthentication: false, password: "p", hosts: HOSTS };
const withPassword = () => accountForm(CUSTOM);

async function newContact() {
  const { id: contactListId } = await createContactList(ada, { name: `List ${Math.random()}` });
  const email = `zoe${Math.random()}@contacts.test`;
  return createContact(ada, { contactListId, name: "Zoë", email });
}

const RELAY = {
  kind: "smtp",
  recipients: ["a@x.test", "b@x.test"],
  from: "postkey@contoso.com",
  smtp: { host: "smtp.contoso.com", port: 587, tls: "starttls" },
};

async function newChannel(fields: object): Promise<string> {
  const form = createAlertChannelSchema.parse({ name: `Channel ${Math.random()}`, ...fields });
  return (await createAlertChannel(ada, form)).id;
}

const providerWithHosts = () =>
  createCloudProvider(
    ada,
    providerForm(sandbox(), {
      hosts: { ...hostsOf(sandbox().cloud), graph: "https://graph.example.test" },
    }),
  );

/** One of each resource that has PUT, and of those that differ within. */
const RESOURCES: Readonly<Record<string, () => Promise<string>>> = {
  "emailAccount, signed in": async () => connectedId,
  "emailAccount with a password": async () => (await createEmailAccount(ada, withPassword())).id,
  cloudProvider: async () => (await createCloudProvider(ada, providerForm(sandbox()))).id,
  "cloudProvider with a host of its own": async () => (await providerWithHosts()).id,
  contact: async () => (await newContact()).id,
  contactList: async () => (await createContactList(ada, { name: `L ${Math.random()}` })).id,
  "alertChannel with a webhook": () =>
    newChannel({ kind: "webhook", url: "https://hooks.example.com/x?key=secret" }),
  "alertChannel with an account": () =>
    newChannel({ kind: "email_account", recipients: "a@x.test", emailAccountId: connectedId }),
  "alertChannel with a server": () =>
    newChannel({ ...RELAY, user: "postkey", password: "correct horse" }),
  device: async () => {
    const name = `Device ${Math.random()}`;
    return (await createDevice(ada, { name, emailAccountId: connectedId, protocols: ["smtp"] })).id;
  },
};

function operationsOf(resource: string) {
  const [noun = ""] = resource.split(/,| with/);
  const path = `/api/${noun}s/{${noun}Id}`;
  const find = (method: string): AnyOperation => {
    const found = OPERATIONS.find((each) => each.path === path && each.method === method);
    if (!found) throw new Error(`${method} ${path} is missing`);
    return found;
  };
  const paramsOf = (id: string) => ({ key, params: { [`${noun}Id`]: id } });
  const [put, patch, remove] = [find("PUT"), find("PATCH"), find("DELETE")];
  return { get: find("GET"), put, patch, remove, paramsOf };
}

test("every resource that has PUT is walked here, and has GET and PATCH", () => {
  const walked = Object.keys(RESOURCES).map((each) => operationsOf(each).put.path);
  const paths = OPERATIONS.filter(({ method }) => method === "PUT").map(({ path }) => path);
  // A secret is only ever written, and its expiry is read with its provider.
  const readable = paths.filter((path) => !path.includes("/clientSecret"));
  expect(new Set(walked)).toEqual(new Set(readable));
});

describe.each(Object.keys(RESOURCES))("a %s", (resource) => {
  const { get, put, patch, remove, paramsOf } = operationsOf(resource);
  let own: ReturnType<typeof paramsOf>;
  const read = async () => {
    const { status: _status, ...body } = await json(await call(get, own));
    return body;
  };
  const trail = () => db().auditEvent.count({ where: { action: { not: "api_key.use" } } });

  beforeAll(async () => {
    own = paramsOf(await (RESOURCES[resource] ?? (() => Promise.reject(resource)))());
  });

  test("is taken by PUT as GET gave it", async () => {
    const [before, entries] = [await read(), await trail()];
    expect(await json(await call(put, { ...own, body: before }))).toEqual({
      ...before,
      status: 200,
    });
    expect(await read()).toEqual(before);
    expect(await trail()).toBe(entries);
  });

  test("has one field patched, in both types of JSON, and keeps the others", async () => {
    for (const type of ["application/merge-patch+json", "application/json; charset=utf-8"]) {
      const before = await read();
      const name = `Patched ${Math.random()}`;
      const headers = { "content-type": type };
      const answered = await json(await call(patch, { ...own, headers, body: { name } }));
      expect(answered).toEqual({ ...before, name, version: before.version + 1, status: 200 });
      expect(await read()).toEqual({ ...answered, status: undefined });
    }
  });

  test("is patched by the rules of PUT", async () => {
    const before = await read();
    const ask = async (body: unknown, options = {}) =>
      json(await call(patch, { ...own, body, ...options }));
    for (const [body, field] of [
      [{ version: null }, "version"],
      [{ name: "N", version: "x" }, "version"],
      [{ name: "x\u0000" }, "name"],
      [{ nmae: "x" }, "nmae"],
      [[], "root"],
    ] as const)
      expect(await ask(body)).toMatchObject({ status: 422, fields: { [field]: [/./] } });
    const stale = await ask({ name: "Stale", version: before.version + 7 });
    // A program has no page to load again, and has typed nothing.
    expect(stale).toMatchObject({ status: 409, title: "stale", detail: /If-Match\.$/ });
    const [name = ""] = Object.keys(own.params);
    const gone = { params: { [name]: MISSING } };
    expect(await ask({ name: "Gone" }, gone)).toMatchObject({ status: 404 });
    for (const operation of [put, patch]) {
      const body = JSON.stringify(operation === put ? before : { name: "No" });
      const sent = `${body.slice(0, -1)},"__proto__":{"a":1},"hosts":{"__proto__":{}}}`;
      const { status: refused, fields } = await json(await call(operation, { ...own, body: sent }));
      expect(refused).toBe(422);
      expect(Object.keys(fields)).toEqual(expect.arrayContaining(["__proto__", "hosts.__proto__"]));
    }
    expect(await read()).toEqual(before);
  });

  test("is changed only as the version that If-Match names", async () => {
    const response = await call(get, own);
    const etag = response.headers.get("etag") ?? "";
    const before = await read();
    expect(etag).toBe(`"${before.version}"`);
    const ask = (method: AnyOperation, match: string, body?: unknown) => {
      const query = resource === "contact" && method === remove ? `?version=${before.version}` : "";
      return call(method, { ...own, headers: { "if-match": match }, body, query });
    };
    const old = `"${before.version + 1}"`;
    for (const refused of [
      await ask(patch, old, { name: "Refused" }),
      await ask(put, old, { ...before, name: "Refused" }),
      await ask(remove, old),
    ])
      expect(await json(refused)).toMatchObject({ status: 412, title: "precondition_failed" });
    expect(await read()).toEqual(before);
    expect(await status(ask(patch, `${old}, ${etag}`, { name: before.name }))).toBe(200);
    expect(await status(ask(put, "*", before))).toBe(200);
    expect(await status(ask(patch, etag, { name: `Matched ${Math.random()}` }))).toBe(200);
    const { version } = await read();
    expect(version).toBe(before.version + 1);
    // Of several at once one is done, and the others named a version that is none any more.
    const patches = ["a", "b", "c"].map((name) => status(ask(patch, `"${version}"`, { name })));
    expect((await Promise.all(patches)).sort()).toEqual([200, 412, 412]);
  });

  test("is patched once for one Idempotency-Key, and by each of many that come at once", async () => {
    const { version } = await read();
    const once = { headers: { "idempotency-key": resource.replaceAll(/\W/g, "-") } };
    const body = { name: `Once ${Math.random()}` };
    for (let time = 0; time < 2; time += 1)
      expect(await status(call(patch, { ...own, ...once, body }))).toBe(200);
    const names = ["one", "two", "three"].map((each) => `${each} ${Math.random()}`);
    const answers = names.map((name) => status(call(patch, { ...own, body: { name } })));
    expect(await Promise.all(answers)).toEqual([200, 200, 200]);
    const after = await read();
    expect([after.version, names]).toEqual([version + 4, expect.arrayContaining([after.name])]);
  });
});

test("who may change something sees what became of it", async () => {
  const { id } = await newContact();
  const { get, patch, paramsOf } = operationsOf("contact");
  const own = { ...paramsOf(id), key: await keyFor(["contacts:write"]) };
  const answered = await json(await call(patch, { ...own, body: { name: "Zora" } }));
  expect(answered).toMatchObject({ status: 200, id, name: "Zora", version: 2 });
  expect(await json(await call(get, own))).toEqual(answered);
});

// The first one is what others are made of.
test.each(Object.keys(RESOURCES).slice(1))("a %s is deleted once", async (resource) => {
  const { get, remove, paramsOf } = operationsOf(resource);
  const own = paramsOf(await (RESOURCES[resource] ?? (() => Promise.reject(resource)))());
  const query = resource === "contact" ? "?version=1" : "";
  const ask = () => status(call(remove, { ...own, query }));
  expect([await ask(), await ask()]).toEqual([204, 404]);
  expect(await status(call(get, own))).toBe(404);
});

test.each(Object.keys(RESOURCES).slice(1))(
  "of changes and a deletion of a %s that name one version, one is done",
  async (resource) => {
    const { get, patch, remove, paramsOf } = operationsOf(resource);
    const make = RESOURCES[resource] ?? (() => Promise.reject(resource));
    const alone = { emailAccount: { active: false }, device: { paused: true } };
    for (let time = 0; time < 4; time += 1) {
      const own = paramsOf(await make());
      const etag = (await call(get, own)).headers.get("etag");
      const asked = { ...own, headers: { "if-match": `"999", ${etag}` } };
      const bodies = [
        { name: `One ${Math.random()}` },
        alone[resource.split(/,| /)[0] as "device"],
      ];
      const changes = bodies.map((body) => body && status(call(patch, { ...asked, body })));
      const query = resource === "contact" ? "?version=1" : "";
      const all = await Promise.all([...changes, status(call(remove, { ...asked, query }))]);
      const codes = all.filter((code) => code !== undefined);
      expect(codes.filter((code) => code < 300)).toHaveLength(1);
      for (const code of codes) expect([200, 204, 404, 412]).toContain(code);
    }
  },
);

describe("an email account", () => {
  const create = async (form: ReturnType<typeof accountForm>) => {
    const { id } = await createEmailAccount(ada, form);
    const own = { key, params: { emailAccountId: id } };
    const patch = (body: unknown) => call(emailAccountOperations.patch, { ...own, body });
    const read = async () => json(await call(emailAccountOperations.get, own));
    return { patch, read };
  };

  test("keeps its password when one host changes nothing of where it is sent", async () => {
    const { patch, read } = await create(withPassword());
    expect(await status(patch({ description: "By a program" }))).toBe(200);
    expect(await read()).toMatchObject({ hasPassword: true, description: "By a program" });
    const moved = await json(await patch({ hosts: { imap: { host: "mail.evil.test" } } }));
    expect(moved).toMatchObject({ status: 422, fields: { password: [/enter it again/] } });
    expect(await status(patch({ hosts: { imap: { port: 143 } }, password: "x" }))).toBe(200);
    const { hosts } = await read();
    expect(hosts).toEqual({ ...HOSTS, imap: endpoint(143) });
  });

  test("has fields emptied by null that can be null; any other field refuses it", async () => {
    const { id: contactListId } = await createContactList(ada, { name: "Reset" });
    const form = { cloudProviderId, contactListId, mailbox: "s@contoso.test", description: "x" };
    const { patch, read } = await create(accountForm(form));
    const before = await read();
    const refused = await json(
      await patch({ contactListId: null, description: null, active: null }),
    );
    expect(refused.status).toBe(422);
    expect(Object.keys(refused.fields)).toEqual(["active", "description"]);
    expect(await read()).toEqual(before);
    const emptied = { contactListId: null, mailbox: null };
    expect(await status(patch(emptied))).toBe(200);
    expect(await read()).toMatchObject({ ...emptied, description: "x" });
  });

  test("is switched off although its other fields would be refused", async () => {
    const { patch, read } = await create(accountForm({ cloudProviderId }));
    const { id } = await read();
    await db().emailAccount.updateMany({ where: { id }, data: { cloudProviderId: null } });
    expect(await status(patch({ name: "Any" }))).toBe(422);
    expect(await status(patch({ active: false }))).toBe(200);
    expect(await read()).toMatchObject({ active: false });
  });
});

test("an input as deep as it is long is looked through", async () => {
  const deep = `${'{"a":'.repeat(5_000)}{"__proto__":1}${"}".repeat(5_000)}`;
  expect(await status(call(createContactOperation, { key, body: deep }))).toBe(422);
});

test("If-Match is refused where nothing has a version", async () => {
  const body = { contactListId: MISSING, email: "a@contacts.test" };
  const made = await call(createContactOperation, { key, headers: { "if-match": '"1"' }, body });
  expect(await json(made)).toMatchObject({ status: 400, detail: /takes no If-Match/ });
});
