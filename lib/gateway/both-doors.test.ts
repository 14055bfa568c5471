import { beforeAll, describe, expect, test } from "vitest";
import { DELETE, GET, PATCH, POST, PUT } from "@/app/api/[...path]/route";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { createContact } from "@/lib/contacts/mutations";
import type { AnyOperation } from "@/lib/http/api/operation";
import { OPERATIONS } from "@/lib/http/api/operations/all";
import { KEY_PERMISSIONS, type KeyPermission } from "@/lib/programs/schema";
import { administrator } from "@/lib/testing/actors";
import { keyFor, withKey } from "@/lib/testing/api";
import { withGateway } from "@/lib/testing/gateway";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, withAccount } from "@/lib/testing/sign-in";

/** Operations are the same objects behind both doors: what may differ is how a kind of answer goes out. */
const sandbox = withInstallation();
const ada = administrator();
const MISSING = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";
const gateway = withGateway();
const own = withAccount(ada, sandbox, { key: "MOT1" });
let key: string;

beforeAll(async () => {
  // A key for everything that keys are for.
  key = await keyFor(Object.keys(KEY_PERMISSIONS) as KeyPermission[]);
  // A first test has nothing to be compared with.
  const tested = `/api/emailAccounts/${own.emailAccountId}/connectionTest`;
  const init = { method: "POST", headers: { authorization: `Bearer ${key}` } };
  await (await fetch(`http://127.0.0.1:${gateway.port}${tested}`, init)).text();
});

type Call = { asked: Asked; apiKey: string };
type Asked = {
  params?: Record<string, string>;
  query?: string;
  /** Sent as JSON, unless it is text already. */
  body?: unknown;
};

let count = 0;
const fresh = () => `Both doors ${++count}`;
const newList = async () => (await createContactList(ada, { name: fresh() })).id;

async function newContact() {
  const email = `zoe${++count}@contacts.test`;
  const fields = { contactListId: await newList(), name: "Zoë", email };
  return { contactId: (await createContact(ada, fields)).id };
}

/** One of each kind, asked anew for each door: what one changed the other would find changed. */
const KINDS: Readonly<Record<string, () => Promise<Asked>>> = {
  getAccessToken: async () => ({ params: own }),
  sendMessage: async () => ({
    params: own,
    body: { to: ALICE, subject: "Both doors", text: "Hello.\n" },
  }),
  startConnectionTest: async () => ({ params: own }),
  createContactList: async () => ({ body: { name: fresh() } }),
  patchContact: async () => ({ params: await newContact(), body: { name: "Changed" } }),
  deleteContact: async () => ({ params: await newContact(), query: "?version=1" }),
  importContacts: async () => ({
    query: `?contactListId=${await newList()}`,
    body: "email,name\nx@contacts.test,X\n",
  }),
  exportContacts: async () => ({ query: "?format=vcf&search=nobody-has-this-name" }),
  followEvents: async () => ({}),
  getDeviceAuthority: async () => ({}),
  getMetrics: async () => ({}),
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
  ...["content-type", "content-disposition", "cache-control", "www-authenticate"],
  ...["retry-after", "allow", "x-accel-buffering"],
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
      .replaceAll(/eyJ[\w-]+\.[\w-]+\.[\w-]*/g, "token")
      .replaceAll(/<[^<>@\s]+@[^<>\s]+>/g, "message id")
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "time")
      .replaceAll(/(Both doors |zoe)\w+/g, "name")
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

const ask = (operation: AnyOperation, name: keyof typeof DOORS, call_: Call) =>
  call(DOORS[name](operation), operation, call_);

test.each(Object.entries(KINDS))("%s is the same through both doors", async (id, asked) => {
  const operation = OPERATIONS.find((each) => each.id === id) as AnyOperation;
  const web = await ask(operation, "web", { asked: await asked(), apiKey: key });
  expect([200, 201, 204, 404]).toContain(web.status);
  expect(await ask(operation, "gateway", { asked: await asked(), apiKey: key })).toEqual(web);
});

describe("through both doors is refused alike", () => {
  const powerless = withKey("incidents:read");

  test.each(OPERATIONS)("$id", async (operation) => {
    for (const apiKey of [`pk_${"x".repeat(43)}`, powerless()]) {
      const web = await ask(operation, "web", { asked: {}, apiKey });
      expect(web.status).not.toBe(405);
      expect(await ask(operation, "gateway", { asked: {}, apiKey })).toEqual(web);
    }
  });
});
