import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DELETE, GET, PATCH, POST, PUT } from "@/app/api/[...path]/route";
import { KEY_PERMISSIONS, type KeyPermission } from "@/lib/access/api-keys/schema";
import { createDevice } from "@/lib/access/devices/mutations";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { createContact } from "@/lib/contacts/mutations";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { errorCodesOf } from "@/lib/http/api/error-responses";
import type { AnyOperation } from "@/lib/http/api/operation";
import { OPERATIONS } from "@/lib/http/api/operations/all";
import { db } from "@/lib/kernel/db";
import { httpStatus } from "@/lib/kernel/errors";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { saveLinkSettings } from "@/lib/sign-ins/links/letters/mutations";
import { createSignInLinks } from "@/lib/sign-ins/links/mutations";
import { administrator } from "@/lib/testing/actors";
import { keyFor } from "@/lib/testing/api";
import { addSecret, withInstallation } from "@/lib/testing/sandbox";
import { ALICE, accountForm, connectedAccount, providerForm } from "@/lib/testing/sign-in";
import { createAlertChannel } from "@/lib/watch/alerts/mutations";
import { createAlertChannelSchema } from "@/lib/watch/alerts/schema";
import { startGateway } from "./server";

const sandbox = withInstallation();
const ada = administrator();
const MISSING = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";
let own: { emailAccountId: string };
let cloudProviderId: string;
let key: string;
let gateway: Awaited<ReturnType<typeof startGateway>>;

beforeAll(async () => {
  const { emailAccountId, ...provider } = await connectedAccount(ada, sandbox(), { key: "MOT1" });
  own = { emailAccountId };
  ({ cloudProviderId } = provider);
  await sendLinks();
  // A key for everything that keys are for.
  key = await keyFor(Object.keys(KEY_PERMISSIONS) as KeyPermission[]);
  gateway = await startGateway({ host: "127.0.0.1", port: 0 });
  // A first test has nothing to be compared with.
  const tested = `/api/emailAccounts/${emailAccountId}/connectionTest`;
  const init = { method: "POST", headers: { authorization: `Bearer ${key}` } };
  await (await fetch(`http://127.0.0.1:${gateway.port}${tested}`, init)).text();
});
afterAll(() => gateway.stop());

type Call = { asked: Asked; apiKey: string };
type Asked = {
  params?: Record<string, string>;
  query?: string;
  /** Sent as JSON, unless it is text already. */
  body?: unknown;
};

let count = 0;
const fresh = () => `Both doors ${++count}`;
const newList = () => createContactList(ada, { name: fresh() });

async function contactForm() {
  const { id: contactListId } = await newList();
  return { contactListId, name: "Zoë", email: `zoe${++count}@contacts.test` };
}

async function newContact() {
  const fields = await contactForm();
  const { id: contactId } = await createContact(ada, fields);
  return { params: { contactId }, fields };
}

async function newAccount() {
  const form = accountForm({ name: fresh(), cloudProviderId });
  const { id } = await createEmailAccount(ada, form);
  return { params: { emailAccountId: id }, body: { ...form, id, version: 1 } };
}

async function selected() {
  const { params } = await newAccount();
  return { accounts: "selected", emailAccountIds: [params.emailAccountId] };
}

async function newProvider() {
  const form = providerForm(sandbox());
  const { id } = await createCloudProvider(ada, form);
  return { params: { cloudProviderId: id }, form };
}

const deviceForm = () => ({
  name: fresh(),
  emailAccountId: own.emailAccountId,
  protocols: ["smtp" as const],
});

/** A channel that sends links, with reminders; no keeper runs here that would send any. */
async function sendLinks(): Promise<void> {
  const smtp = { host: "smtp.contoso.com", port: 587, tls: "starttls" };
  const sender = { kind: "smtp", smtp, from: "a@contoso.test", user: "", password: "" };
  const fields = { name: "Relay", enabled: true, sendsLinks: true, recipients: "a@contoso.test" };
  const rest = { emailAccountId: null, url: "" };
  const channel = createAlertChannelSchema.parse({ ...sender, ...fields, ...rest });
  await createAlertChannel(ada, channel);
  const lapsed = { sendsLapsedLinks: false, lapsedLinksPerDay: 20 };
  await saveLinkSettings(ada, { reminds: true, remindHoursBefore: 24, ...lapsed });
}

async function newLink({ send = false } = {}) {
  const usernames = [`${fresh().replaceAll(" ", "-")}@contoso.test`];
  const [made] = await createSignInLinks(ada, { cloudProviderId, usernames, send });
  // As the keeper says of what it sent.
  await db().letter.updateMany({ where: { kind: "sign_in_link" }, data: { state: "sent" } });
  return { params: { signInLinkId: made?.id ?? "" } };
}

async function selectedLink() {
  const { params } = await newLink();
  return { links: "selected", signInLinkIds: [params.signInLinkId] };
}

async function newDevice() {
  const { id: deviceId } = await createDevice(ada, deviceForm());
  return { params: { deviceId } };
}

const channelForm = () => ({
  name: fresh(),
  kind: "email_account",
  recipients: [ALICE],
  emailAccountId: own.emailAccountId,
});

async function newChannel() {
  const { id } = await createAlertChannel(ada, createAlertChannelSchema.parse(channelForm()));
  return { params: { alertChannelId: id } };
}

/** What each operation is asked, anew for each door: what one changed the other would find changed. */
const ASKED: Readonly<Record<string, () => Promise<Asked>>> = {
  getAccessToken: async () => ({ params: own }),
  listMessages: async () => ({ params: own }),
  sendMessage: async () => ({
    params: own,
    body: { to: ALICE, subject: "Both doors", text: "Hello.\n" },
  }),
  startRoundTrip: async () => ({ params: own }),
  listEmailAccounts: async () => ({ query: "?search=MOT1" }),
  createEmailAccount: async () => ({ body: accountForm({ name: fresh(), cloudProviderId }) }),
  getEmailAccount: async () => ({ params: own }),
  updateEmailAccount: newAccount,
  patchEmailAccount: async () => ({ ...(await newAccount()), body: { active: false } }),
  deleteEmailAccount: async () => ({ params: (await newAccount()).params }),
  changeEmailAccounts: async () => ({
    body: { selection: await selected(), change: { set: "active", to: false } },
  }),
  deleteEmailAccounts: async () => ({ body: { selection: await selected() } }),
  listSignIns: async () => ({ body: await selected() }),
  importEmailAccounts: async () => ({ body: "name,email\nSupport,no address\n" }),
  startTestRun: async () => ({ body: await selected() }),
  startConnectionTest: async () => ({ params: own }),
  listConnectionTests: async () => ({ params: (await newAccount()).params }),
  getConnectionTest: async () => ({ params: { connectionTestId: MISSING } }),
  listDevices: async () => ({ query: `?emailAccountId=${own.emailAccountId}` }),
  importDevices: async () => ({ body: "name,account\nScanner,nobody@contoso.test\n" }),
  createDevice: async () => ({ body: deviceForm() }),
  getDevice: newDevice,
  updateDevice: async () => ({
    ...(await newDevice()),
    body: { ...deviceForm(), version: 1, networks: ["10.0.0.0/8"] },
  }),
  patchDevice: async () => ({ ...(await newDevice()), body: { messagesPerMinute: 5 } }),
  revokeDevice: newDevice,
  rotateDevice: newDevice,
  listDeviceAttempts: newDevice,
  listUnknownDeviceAttempts: async () => ({}),
  getDeviceAuthority: async () => ({}),
  listSignInLinks: async () => ({ query: "?search=nobody-has-this-name" }),
  createSignInLinks: async () => ({
    body: { cloudProviderId, usernames: [`${fresh()}@contoso.test`] },
  }),
  revokeSignInLink: newLink,
  revokeSignInLinks: async () => ({ body: { selection: await selectedLink() } }),
  replaceSignInLinks: async () => ({ body: { selection: await selectedLink(), send: true } }),
  sendSignInLink: newLink,
  remindOfSignInLink: () => newLink({ send: true }),
  listCloudProviders: async () => ({ query: "?search=nothing-has-this-name" }),
  createCloudProvider: async () => ({ body: providerForm(sandbox()) }),
  getCloudProvider: newProvider,
  updateCloudProvider: async () => {
    const { params, form } = await newProvider();
    const { credential: _credential, redirectUri: _uri, ...fields } = form;
    return { params, body: { ...fields, version: 1, name: fresh() } };
  },
  patchCloudProvider: async () => ({ ...(await newProvider()), body: { name: fresh() } }),
  deleteCloudProvider: newProvider,
  updateClientSecret: async () => ({
    ...(await newProvider()),
    body: { clientSecret: await addSecret(sandbox()), secretExpiresOn: "2027-01-31" },
  }),
  changeSecretExpiry: async () => ({
    ...(await newProvider()),
    body: { version: 1, secretExpiresOn: "2027-01-31" },
  }),
  getCertificate: async () => ({
    params: { ...(await newProvider()).params, thumbprint: "a".repeat(40) },
  }),
  listContactLists: async () => ({}),
  createContactList: async () => ({ body: { name: fresh() } }),
  getContactList: async () => ({ params: { contactListId: (await newList()).id } }),
  patchContactList: async () => ({
    params: { contactListId: (await newList()).id },
    body: { name: fresh() },
  }),
  renameContactList: async () => ({
    params: { contactListId: (await newList()).id },
    body: { version: 1, name: fresh() },
  }),
  deleteContactList: async () => ({ params: { contactListId: (await newList()).id } }),
  listContacts: async () => ({ query: "?search=nobody-has-this-name" }),
  createContact: async () => ({ body: await contactForm() }),
  getContact: async () => ({ params: (await newContact()).params }),
  updateContact: async () => {
    const { params, fields } = await newContact();
    return { params, body: { ...fields, name: "Changed", version: 1 } };
  },
  patchContact: async () => ({
    params: (await newContact()).params,
    body: { name: "Changed" },
  }),
  deleteContact: async () => ({ params: (await newContact()).params, query: "?version=1" }),
  importContacts: async () => ({
    query: `?contactListId=${(await newList()).id}`,
    body: "email,name\nx@contacts.test,X\n",
  }),
  exportContacts: async () => ({ query: "?format=vcf&search=nobody-has-this-name" }),
  exportAudit: async () => ({ query: "?format=csv&kind=cloud_provider&action=none" }),
  exportMigration: async () => ({}),
  followEvents: async () => ({}),
  listIncidents: async () => ({}),
  listAlertChannels: async () => ({ query: "?search=no-channel-has-this-name" }),
  createAlertChannel: async () => ({ body: channelForm() }),
  getAlertChannel: newChannel,
  updateAlertChannel: async () => ({
    ...(await newChannel()),
    body: { ...channelForm(), version: 1, enabled: false },
  }),
  patchAlertChannel: async () => ({ ...(await newChannel()), body: { enabled: false } }),
  deleteAlertChannel: newChannel,
  sendTestAlert: newChannel,
  renewSigningSecret: async () => {
    const hook = { name: fresh(), kind: "webhook", url: "https://hooks.example.com/x" };
    const { id } = await createAlertChannel(ada, createAlertChannelSchema.parse(hook));
    return { params: { alertChannelId: id } };
  },
  getHealth: async () => ({}),
  getMetrics: async () => ({}),
  listErrors: async () => ({ query: "?search=AADSTS7000222" }),
  getError: async () => ({ params: { remedyId: "AADSTS50105" } }),
};

type Door = (path: string, init: RequestInit) => Promise<Response>;

const OF_NEXT = { DELETE, GET, PATCH, POST, PUT };

const DOORS = {
  web: (operation: AnyOperation): Door => {
    const answer = OF_NEXT[operation.method];
    return (path, init) => answer(new Request(`http://localhost:3000${path}`, init));
  },
  gateway: (): Door => (path, init) => fetch(`http://127.0.0.1:${gateway.port}${path}`, init),
};

async function call(door: Door, operation: AnyOperation, { asked, apiKey }: Call) {
  const { params = {}, query = "", body } = asked;
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name) => params[name] ?? MISSING);
  const isText = typeof body === "string";
  const response = await door(`${path}${query}`, {
    method: operation.method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(body !== undefined && { "content-type": isText ? "text/csv" : "application/json" }),
    },
    ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
  });
  return {
    status: response.status,
    headers: SAME_HEADERS.map((name) => [name, response.headers.get(name)]),
    body: plain(await (operation.id === "followEvents" ? firstOf(response) : response.text())),
  };
}

/** The others are of the connection. */
const SAME_HEADERS = [
  "content-type",
  "content-disposition",
  "cache-control",
  "www-authenticate",
  "retry-after",
  "allow",
  "x-accel-buffering",
];

/** Of a stream that does not end. */
async function firstOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const { value } = (await reader?.read()) ?? {};
  await reader?.cancel();
  return new TextDecoder().decode(value);
}

/** Without what differs each time: ids, times and how long something took; lines in one order. */
function plain(text: string): string {
  return (
    text
      .replaceAll(/[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/g, "id")
      .replaceAll(/"(password|prefix|secret)":"[\w+/=]+"/g, '"$1":"secret"')
      .replaceAll(/\/connect#[\w-]{43}"/g, '/connect#token"')
      .replaceAll(/eyJ[\w-]+\.[\w-]+\.[\w-]*/g, "token")
      .replaceAll(/<[^<>@\s]+@[^<>\s]+>/g, "message id")
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "time")
      .replaceAll(/(Contoso |Both doors |zoe)\w+/g, "name")
      .replaceAll(/"(\w*[Kk]ey)":"\w{1,5}"/g, '"$1":"key"')
      // A machine that is busy is slower the second time.
      .replaceAll(/"differences":\[.*\]/g, '"differences":[]')
      .replaceAll(/\d+(\.\d+)?/g, "0")
      .split("\n")
      .filter((line) => !line.startsWith("postkey_"))
      .sort()
      .join("\n")
  );
}

describe.each(OPERATIONS)("$id", (operation) => {
  const ask = async (name: keyof typeof DOORS, apiKey = key) => {
    const asked = (await ASKED[operation.id]?.()) ?? {};
    return call(DOORS[name](operation), operation, { asked, apiKey });
  };

  test("is the same through both doors", async () => {
    expect(ASKED).toHaveProperty(operation.id);
    const web = await ask("web");
    expect([200, 201, 204, 404]).toContain(web.status);
    expect([operation.answer.status, ...errorCodesOf(operation).map(httpStatus)]).toContain(
      web.status,
    );
    expect(await ask("gateway")).toEqual(web);
  });

  test("is refused alike through both doors", async () => {
    const [unknown, powerless] = [`pk_${"x".repeat(43)}`, await keyFor(["incidents:read"])];
    for (const apiKey of [unknown, powerless])
      expect(await ask("gateway", apiKey)).toEqual(await ask("web", apiKey));
  });
});
