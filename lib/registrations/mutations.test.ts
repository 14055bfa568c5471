import { beforeEach, describe, expect, test } from "vitest";
import { CONTOSO, guidFor } from "@/e2e/sandbox/directory";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { db } from "@/lib/kernel/db";
import { updateCloudProvider } from "@/lib/sign-ins/mailboxes/mutations";
import { listAuthorizations } from "@/lib/sign-ins/queries";
import { administrator } from "@/lib/testing/actors";
import { empty } from "@/lib/testing/database";
import { addSecret, tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import {
  ALICE,
  accountForm,
  connectedAccount,
  providerEdit,
  providerForm,
  typedSecret,
} from "@/lib/testing/sign-in";
import { updateClientSecret } from "./change-credential";
import { isoDay } from "./credentials/schema";
import { createCloudProvider, deleteCloudProvider } from "./mutations";
import { findCloudProvider, getProviderUse } from "./queries";

const sandbox = withInstallation();
const ada = administrator();

beforeEach(() => empty("EmailAccount", "CloudProvider"));

const create = (changes: Record<string, unknown> = {}) =>
  createCloudProvider(ada, providerForm(sandbox(), changes));

async function expectNothingWritten() {
  expect(await db().cloudProvider.count()).toBe(0);
  expect(await db().clientCredential.count()).toBe(0);
}

describe("a new provider", () => {
  test("is saved after its secret was proved at the token endpoint", async () => {
    const before = tokenRequests(sandbox(), "client_credentials");
    const { id, proved } = await create({ name: "  Contoso  " });
    expect(proved).toBe(true);
    expect(tokenRequests(sandbox(), "client_credentials") - before).toBe(1);
    const provider = await findCloudProvider(ada, id);
    expect(provider).toMatchObject({
      name: "Contoso",
      state: "not_signed_in",
      version: 1,
      accountCount: 0,
      secretHint: sandbox().registration.clientSecret.slice(-3),
    });
    expect(provider?.credentials).toHaveLength(1);
    expect(provider?.credentials[0]).toMatchObject({ version: 1, createdByName: "Ada" });
    expect(JSON.stringify(provider)).not.toContain(sandbox().registration.clientSecret);
  });

  test("gets the tenant's id for a domain of it", async () => {
    const { id } = await create({ tenantId: "Contoso.onmicrosoft.TEST" });
    expect((await findCloudProvider(ada, id))?.tenantId).toBe(CONTOSO.id);
  });

  test("is saved unproved when the platform does not answer", async () => {
    sandbox().faults.set("server_error");
    const { id, ...proof } = await create();
    const proofFailureId = "postkey.identity_platform_unavailable";
    expect(proof).toEqual({ proved: false, proofFailureId });
    const inUse = (await findCloudProvider(ada, id))?.credentialInUse;
    expect(inUse).toMatchObject({ provedAt: null, refusedAs: proofFailureId });
  });
});

describe("a mistake is found at once, and names its field", () => {
  test.each([
    ["secret_wrong", "credential.clientSecret", "AADSTS7000215"],
    ["app_disabled", "clientId", "AADSTS7000112"],
    ["tenant_unknown", "tenantId", "AADSTS90002"],
  ])("%s is about %s", async (fault, field, remedyId) => {
    sandbox().faults.set(fault);
    await expect(create()).rejects.toMatchObject({
      code: "unprocessable",
      remedyId,
      fields: { [field]: [expect.stringContaining(remedyId)] },
    });
    await expectNothingWritten();
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["a domain that no tenant has", { tenantId: "nowhere.test" }, "tenantId"],
    ["a cloud that is not configured", { cloud: "mars" }, "cloud"],
    ["a redirect URI of another host", { redirectUri: "https://evil.test" }, "redirectUri"],
    [
      "the application id as the tenant id, by way of a domain",
      { tenantId: "contoso.test", clientId: CONTOSO.id },
      "tenantId",
    ],
  ])("%s", async (_name, changes, field) => {
    await expect(create(changes)).rejects.toMatchObject({
      code: "unprocessable",
      fields: { [field]: [expect.any(String)] },
    });
    await expectNothingWritten();
  });
});

test("of many who take a name at once, however they write it, one gets it", async () => {
  const names = ["Contoso", "CONTOSO", "Ｃｏｎｔｏｓｏ", "  Contoso "];
  const results = await Promise.allSettled(names.map((name) => create({ name })));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await db().cloudProvider.count()).toBe(1);
  expect(await db().clientCredential.count()).toBe(1);
  await expect(create({ name: "contoso" })).rejects.toMatchObject({
    code: "conflict",
    fields: { name: [expect.any(String)] },
  });
});
describe("a provider that is there", () => {
  const bob = administrator("Bob");
  let id: string;
  let emailAccountId: string;

  beforeEach(async () => {
    const connected = await connectedAccount(ada, sandbox());
    [id, emailAccountId] = [connected.cloudProviderId, connected.emailAccountId];
  });

  const form = (changes: Record<string, unknown> = {}) => providerEdit(ada, id, changes);

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

    test("and a secret, entered at once: one of them stays, and the other is told", async () => {
      const clientSecret = await addSecret(sandbox());
      const replacement = typedSecret(await addSecret(sandbox()), isoDay(12));
      const edit = await form({ replacement });
      const proofs = () => tokenRequests(sandbox(), "client_credentials");
      const before = proofs();
      sandbox().faults.set("slow", { seconds: 60 });
      const both = Promise.allSettled([
        updateClientSecret(ada, { cloudProviderId: id, clientSecret, secretExpiresOn: isoDay(12) }),
        updateCloudProvider(bob, edit),
      ]);
      await expect.poll(proofs).toBe(before + 2);
      sandbox().faults.clearAll();
      const results = await both;
      const refused = results.filter(({ status }) => status === "rejected");
      expect(refused).toMatchObject([{ reason: { code: "stale" } }]);
      expect((await stored()).credentials).toHaveLength(2);
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
  });
});
