import { beforeEach, describe, expect, test } from "vitest";
import { guidFor } from "@/e2e/sandbox/directory";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { db } from "@/lib/kernel/db";
import { getProviderUse } from "@/lib/registrations/use/queries";
import { listAuthorizations } from "@/lib/sign-ins/queries";
import { updateCloudProvider } from "@/lib/sign-ins/update-cloud-provider";
import { administrator } from "@/lib/testing/actors";
import { addSecret, withInstallation } from "@/lib/testing/sandbox";
import {
  ALICE,
  accountForm,
  connectedAccount,
  providerForm,
  typedSecret,
} from "@/lib/testing/sign-in";
import { letExpire, refreshDue } from "@/lib/testing/tokens";
import { isoDay } from "./credentials/schema";
import { deleteCloudProvider } from "./mutations";
import { findCloudProvider } from "./queries";
import { updateCloudProviderSchema } from "./schema";
import { updateClientSecret } from "./update-client-secret";

const sandbox = withInstallation();
const ada = administrator("Ada");
const bob = administrator("Bob");
let id: string;
let emailAccountId: string;

beforeEach(async () => {
  const connected = await connectedAccount(ada, sandbox());
  [id, emailAccountId] = [connected.cloudProviderId, connected.emailAccountId];
});

async function load() {
  const provider = await findCloudProvider(ada, id);
  if (!provider) throw new Error("The provider is gone.");
  return provider;
}

/** The edit form as it is sent when nothing was typed. */
async function form(changes: Record<string, unknown> = {}) {
  const { name, service, type, cloud, version, ...loaded } = await load();
  const { accountTypes, grant, clientId, tenantId } = loaded;
  const fields = { name, service, type, cloud, accountTypes, grant, clientId, tenantId };
  const input = { id, version, ...fields, hosts: null, replacement: null, ...changes };
  return updateCloudProviderSchema.parse(input);
}

const stored = async () => ({
  row: await db().cloudProvider.findUnique({ where: { id } }),
  credentials: await db().clientCredential.findMany({ where: { cloudProviderId: id } }),
  signedIn: (await listAuthorizations(ada, id)).rows.map(({ username }) => username),
});

/** Another application of the same tenant, with its own secret. */
const other = () => {
  const { clientId, clientSecret } = sandbox().serviceRegistration;
  return { clientId, replacement: typedSecret(clientSecret, isoDay(12)) };
};

describe("an edit", () => {
  test("of the name keeps the secret and everybody signed in", async () => {
    const before = await stored();
    await updateCloudProvider(ada, await form({ name: "Renamed" }));
    const after = await stored();
    expect(after.row).toMatchObject({ name: "Renamed", version: 2 });
    expect(after.credentials).toEqual(before.credentials);
    expect(after.signedIn).toEqual([ALICE]);
  });

  test("that is stale is refused, and says who changed what", async () => {
    const stale = await form({ name: "Mine" });
    await updateCloudProvider(bob, await form({ name: "Theirs", accountTypes: "organizations" }));
    const before = await stored();
    await expect(updateCloudProvider(ada, stale)).rejects.toMatchObject({
      code: "stale",
      message: expect.stringContaining("Bob changed Name and Supported account types"),
    });
    expect(await stored()).toEqual(before);
  });

  test("sent twice at once is saved once", async () => {
    const input = await form({ name: "Twice" });
    const results = await Promise.allSettled([
      updateCloudProvider(ada, input),
      updateCloudProvider(bob, input),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect((await load()).version).toBe(2);
  });

  test("cannot take another one's name", async () => {
    const taken = await connectedAccount(ada, sandbox());
    const { name } = await db().cloudProvider.findUniqueOrThrow({
      where: { id: taken.cloudProviderId },
    });
    await expect(updateCloudProvider(ada, await form({ name }))).rejects.toMatchObject({
      code: "conflict",
    });
  });
});

describe("another registration", () => {
  test.each([
    ["application", { clientId: guidFor("elsewhere") }],
    ["tenant", { tenantId: guidFor("elsewhere") }],
    ["cloud", { cloud: "global" }],
  ])("never gets the old secret: another %s asks for a new one", async (_what, change) => {
    const before = await stored();
    await expect(updateCloudProvider(ada, await form(change))).rejects.toMatchObject({
      code: "unprocessable",
      fields: { replacement: [expect.any(String)] },
    });
    expect(await stored()).toEqual(before);
  });

  test("with its own secret takes over, and the sign-ins of the old one are void", async () => {
    await updateCloudProvider(ada, await form(other()));
    const { row, credentials, signedIn } = await stored();
    expect(row).toMatchObject({ clientId: sandbox().serviceRegistration.clientId, version: 2 });
    expect(signedIn).toEqual([]);
    expect(await db().tokenSet.count({ where: { authorization: { cloudProviderId: id } } })).toBe(
      0,
    );
    expect(credentials.filter(({ secretSealed }) => secretSealed !== null)).toHaveLength(1);
  });

  test("is not what the secret in use stands for: it is proved, and nothing takes its place", async () => {
    sandbox().faults.set("secret_expired");
    await letExpire(id);
    await refreshDue("keeper");
    sandbox().faults.clearAll();
    const before = await stored();
    const replacement = typedSecret(sandbox().registration.clientSecret, isoDay(12));
    const known = before.credentials[0]?.expiresAt;
    const entered = await updateCloudProvider(ada, await form({ replacement }));
    expect(entered).toEqual({ isReplaced: false, expiresAt: known });
    const after = await stored();
    expect(after.row).toMatchObject({ version: 1, failureId: null });
    expect(after.credentials).toMatchObject([{ version: 1, expiresAt: known, refusedAt: null }]);
    await updateCloudProvider(ada, await form({ name: "Proved again", replacement }));
    expect((await stored()).row).toMatchObject({ name: "Proved again", version: 2 });
    expect((await stored()).credentials).toHaveLength(1);
  });

  test("and a secret, entered at once: one of them stays, and the other is told", async () => {
    const clientSecret = await addSecret(sandbox());
    const replacement = typedSecret(await addSecret(sandbox()), isoDay(12));
    sandbox().faults.set("slow", { seconds: 0.5 });
    const results = await Promise.allSettled([
      updateClientSecret(ada, { cloudProviderId: id, clientSecret, secretExpiresOn: isoDay(12) }),
      updateCloudProvider(bob, await form({ replacement })),
    ]);
    const refused = results.filter(({ status }) => status === "rejected");
    expect(refused).toMatchObject([{ reason: { code: "stale" } }]);
    expect((await stored()).credentials).toHaveLength(2);
  });

  test("with a secret that is refused changes nothing", async () => {
    const before = await stored();
    sandbox().faults.set("secret_wrong");
    await expect(updateCloudProvider(ada, await form(other()))).rejects.toMatchObject({
      code: "unprocessable",
      remedyId: "AADSTS7000215",
    });
    expect(await stored()).toEqual(before);
  });
});

describe("deleting a provider", () => {
  test("is refused when more accounts would stop than the person was told", async () => {
    await createEmailAccount(ada, accountForm({ cloudProviderId: id }));
    const before = await stored();
    const call = deleteCloudProvider(ada, { id, acceptedAccounts: 1 });
    await expect(call).rejects.toMatchObject({ code: "conflict" });
    expect(await stored()).toEqual(before);
    const account = await db().emailAccount.findUnique({ where: { id: emailAccountId } });
    expect(account).toMatchObject({ active: true, cloudProviderId: id });
  });

  test("says what it stops, stops it, and leaves the accounts", async () => {
    const use = await getProviderUse(ada, id);
    expect(use).toEqual({ accounts: [{ id: emailAccountId, name: "Support" }], accountCount: 1 });
    await deleteCloudProvider(ada, { id, acceptedAccounts: 1 });
    expect(await stored()).toEqual({ row: null, credentials: [], signedIn: [] });
    const account = await db().emailAccount.findUnique({ where: { id: emailAccountId } });
    expect(account).toMatchObject({ active: false, cloudProviderId: null });
  });

  test("happens once", async () => {
    await deleteCloudProvider(ada, { id, acceptedAccounts: 1 });
    const again = deleteCloudProvider(ada, { id, acceptedAccounts: 1 });
    await expect(again).rejects.toMatchObject({ code: "not_found" });
  });
});

test("a form for a new provider and one for an edit refuse the same things", async () => {
  const created = providerForm(sandbox());
  expect(() => updateCloudProviderSchema.parse({ ...created, id, version: 1 })).toThrow();
});
