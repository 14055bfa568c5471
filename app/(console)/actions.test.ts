import { readdirSync } from "node:fs";
import { basename, resolve } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { closeBrowser, openBrowser } from "@/lib/testing/browser";
import { jar } from "@/lib/testing/browser-cookies";
import { withInstallation } from "@/lib/testing/sandbox";
import { providerForm } from "@/lib/testing/sign-in";
import { signOutAction } from "./actions";
import * as contacts from "./contacts/actions";
import * as providers from "./settings/cloud-providers/actions";

const sandbox = withInstallation();
const SIGN_IN = expect.stringContaining("/sign-in");
const ID = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";

/** An action as the wire knows it: anybody may send it anything. */
type Action = (input: never) => Promise<{ ok: boolean }>;

/** Every one that exists; signing out is not refused to anybody. */
async function findActions(): Promise<[string, Action][]> {
  const paths = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" });
  const modules: Record<string, Action>[] = await Promise.all(
    paths
      .filter((path) => basename(path) === "actions.ts")
      .map((path) => import(resolve(import.meta.dirname, path))),
  );
  return modules.flatMap(Object.entries).filter(([name]) => name !== signOutAction.name);
}

const ACTIONS = await findActions();
const call = (action: Action, input: unknown): Promise<{ ok: boolean }> => action(input as never);

beforeEach(closeBrowser);

/** The number of rows of everything that an action could write. */
function count() {
  const tables = [
    ...["CloudProvider", "ClientCredential", "EmailAccount", "ContactList", "Contact", "Alert"],
    ...["AlertChannel", "ApiKey", "Authorization", "AuthorizationRequest", "AuditEvent", "Event"],
  ];
  const counts = tables.map((table) => `(SELECT count(*)::int FROM "${table}")`);
  return db().$queryRawUnsafe(`SELECT ${counts.join(", ")}`);
}

const WRONG: [string, unknown][] = [
  ["nothing", undefined],
  ["null", null],
  ["an array", []],
  ["a text", "x"],
  ["an empty form", {}],
  ["operators instead of texts", { id: { not: "" }, name: { not: "" } }],
  ["fields that are not its own", { ownerId: ID, role: "admin", createdAt: "now" }],
  ["a prototype", JSON.parse('{"__proto__":{"isAdmin":true},"constructor":{}}')],
];
/** Inputs that some actions rightly accept. */
const RIGHT: Readonly<Record<string, string>> = {
  endOtherSessionsAction: "an empty form",
};

test.each(ACTIONS)(
  "%s takes nothing from strangers, and nothing that is wrong",
  async (name, action) => {
    const before = await count();
    for (const input of [undefined, {}, { id: ID }])
      await expect(call(action, input)).rejects.toMatchObject({ digest: SIGN_IN });
    expect(await count()).toEqual(before);
    await openBrowser();
    const signedIn = await count();
    for (const [what, input] of WRONG.filter(([each]) => each !== RIGHT[name]))
      expect(await call(action, input), what).toMatchObject({
        ok: false,
        error: { code: "unprocessable", fields: expect.any(Object) },
      });
    expect(await count()).toEqual(signedIn);
  },
);

test("a form that is right names the remedy of what the platform refused", async () => {
  await openBrowser();
  sandbox().faults.set("secret_expired");
  expect(await providers.createCloudProviderAction(providerForm(sandbox()))).toMatchObject({
    ok: false,
    error: {
      remedyId: "AADSTS7000222",
      fields: { "credential.clientSecret": [expect.any(String)] },
    },
  });
});

test("signing out ends the session at once, in every browser that has the cookie", async () => {
  const ada = await openBrowser();
  const cookies = new Map(jar);
  await expect(signOutAction()).rejects.toMatchObject({ digest: SIGN_IN });
  expect(jar.size).toBe(0);
  expect(await db().session.count({ where: { id: ada.sessionId } })).toBe(0);
  for (const [name, value] of cookies) jar.set(name, value);
  const late = contacts.createContactListAction({ name: "List" });
  await expect(late).rejects.toMatchObject({ digest: SIGN_IN });
});
