import { beforeEach, describe, expect, test } from "vitest";
import { CONTOSO, guidFor } from "@/e2e/sandbox/directory";
import { db } from "@/lib/kernel/db";
import { administrator, program } from "@/lib/testing/actors";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { providerForm } from "@/lib/testing/sign-in";
import { createCloudProvider } from "./mutations";
import { findCloudProvider } from "./queries";

const sandbox = withInstallation();
const ada = administrator();

beforeEach(async () => {
  await db().cloudProvider.deleteMany();
});

const create = (changes: Record<string, unknown> = {}) =>
  createCloudProvider(ada, providerForm(sandbox(), changes));

async function expectNothingWritten() {
  expect(await db().cloudProvider.count()).toBe(0);
  expect(await db().clientCredential.count()).toBe(0);
}

describe("a new provider", () => {
  test("is saved after its secret was proved at the token endpoint", async () => {
    const before = tokenRequests(sandbox(), "client_credentials");
    const { id, isProved } = await create({ name: "  Contoso  " });
    expect(isProved).toBe(true);
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

  test.each(["server_error", "throttled", "reset", "html_200"])(
    "is saved unproved when the platform does not answer: %s",
    async (fault) => {
      sandbox().faults.set(fault);
      expect(await create()).toMatchObject({ isProved: false });
    },
  );

  test("belongs to any organisation when the form says so", async () => {
    const { clientId, tenantId, clientSecret } = sandbox().multiTenantRegistration;
    const accountTypes = "organizations_and_personal";
    const { isProved } = await create({ clientId, tenantId, clientSecret, accountTypes });
    expect(isProved).toBe(true);
  });
});

describe("a mistake is found at once, and names its field", () => {
  const FAULTS: [string, string, string][] = [
    ["secret_wrong", "credential.clientSecret", "AADSTS7000215"],
    ["secret_expired", "credential.clientSecret", "AADSTS7000222"],
    ["app_disabled", "clientId", "AADSTS7000112"],
    ["tenant_unknown", "tenantId", "AADSTS90002"],
  ];
  test.each(FAULTS)("%s is about %s", async (fault, field, remedyId) => {
    sandbox().faults.set(fault);
    await expect(create()).rejects.toMatchObject({
      code: "unprocessable",
      remedyId,
      fields: { [field]: [expect.stringContaining(remedyId)] },
    });
    await expectNothingWritten();
  });

  const INPUTS: [string, Record<string, unknown>, string][] = [
    [
      "a secret that the platform never gave out",
      { clientSecret: "abc8Q~wrong" },
      "credential.clientSecret",
    ],
    ["an application that is not there", { clientId: guidFor("no app") }, "clientId"],
    ["a tenant that is not there", { tenantId: guidFor("no tenant") }, "tenantId"],
    ["a domain that no tenant has", { tenantId: "nowhere.test" }, "tenantId"],
    ["a cloud that is not configured", { cloud: "mars" }, "cloud"],
    ["a redirect URI of another host", redirect("https://evil.test"), "redirectUri"],
    ["a redirect URI in capitals", redirect("http://LOCALHOST:3000"), "redirectUri"],
  ];
  test.each(INPUTS)("%s", async (_name, changes, field) => {
    await expect(create(changes)).rejects.toMatchObject({
      code: "unprocessable",
      fields: { [field]: [expect.any(String)] },
    });
    await expectNothingWritten();
  });

  test("the application id as the tenant id, by way of a domain", async () => {
    const changes = { tenantId: "contoso.test", clientId: CONTOSO.id };
    await expect(create(changes)).rejects.toMatchObject({
      fields: { tenantId: expect.any(Array) },
    });
    await expectNothingWritten();
  });
});

test.each([
  ["the same name", "Contoso"],
  ["capitals", "CONTOSO"],
  ["full-width letters", "Ｃｏｎｔｏｓｏ"],
  ["blanks around", "  Contoso "],
])("a name that differs by nothing one can see is taken: %s", async (_how, name) => {
  await create({ name: "Contoso" });
  await expect(create({ name })).rejects.toMatchObject({
    code: "conflict",
    fields: { name: [expect.stringContaining("Contoso")] },
  });
  expect(await db().cloudProvider.count()).toBe(1);
});

test("composed and decomposed letters are one name", async () => {
  await create({ name: "Caf\u00e9  Nord" });
  await expect(create({ name: "Cafe\u0301 nord" })).rejects.toMatchObject({ code: "conflict" });
});

test("of many who take a name at once one gets it", async () => {
  const results = await Promise.allSettled(
    Array.from({ length: 5 }, () => create({ name: "Same" })),
  );
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await db().cloudProvider.count()).toBe(1);
  expect(await db().clientCredential.count()).toBe(1);
});

test("nobody without the permission creates one", async () => {
  const form = providerForm(sandbox());
  await expect(createCloudProvider(program("providers:read"), form)).rejects.toMatchObject({
    code: "access_denied",
  });
  await expectNothingWritten();
});

function redirect(origin: string) {
  return { redirectUri: `${origin}/api/cloudProviders/oauth2/microsoft/callback` };
}
