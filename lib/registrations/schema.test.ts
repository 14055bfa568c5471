import { describe, expect, test, vi } from "vitest";
import { DAY_MS } from "@/lib/kernel/clock";
import { problemsOf } from "@/lib/testing/problems";
import { secretEnd } from "./credentials/schema";
import {
  createCloudProviderSchema,
  deleteCloudProviderSchema,
  redirectUriProblem,
  updateClientSecretSchema,
} from "./schema";

const CLIENT_ID = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";
const TENANT_ID = "7b9f4ad1-52c7-4b3e-9f57-5d0a4c6e8b21";
const SECRET = "abc8Q~0123456789.abcdefghijklmnop_-~XYZ";
const CALLBACK = "https://postkey.example.com/api/cloudProviders/oauth2/microsoft/callback";

const form = {
  name: "Contoso",
  service: "microsoft_azure",
  type: "outlook365",
  cloud: "global",
  accountTypes: "tenant",
  grant: "delegated",
  hosts: null,
  clientId: CLIENT_ID,
  tenantId: TENANT_ID,
  credential: { kind: "client_secret", clientSecret: SECRET, secretExpiresOn: secretEnd() },
  redirectUri: CALLBACK,
};

/** The messages by field for a form with this change; empty when it is accepted. */
const problems = (changes: Record<string, unknown>) =>
  problemsOf(createCloudProviderSchema, { ...form, ...changes });

test.each([{ service: "" }, { service: "carrier_pigeon" }])(
  "a registration whose service is not known (%j) is told what else it lacks at once",
  (input) => {
    const { error } = createCloudProviderSchema.safeParse(input);
    expect(error?.issues.map(({ path }) => path.join(".")).sort()).toEqual([
      ...["clientId", "credential", "name", "service"],
    ]);
  },
);

test("what the form begins with, programs may leave out", () => {
  const credential = { kind: "client_secret", clientSecret: SECRET };
  const said = { name: "Contoso", clientId: CLIENT_ID, tenantId: TENANT_ID, credential };
  const { redirectUri: _uri, ...rest } = form;
  expect(createCloudProviderSchema.parse(said)).toEqual(rest);
  const google = { service: "google", name: "G", clientId: "123456789012" };
  const keyed = { ...google, grant: "domain_wide", credential: { kind: "managed_identity" } };
  expect(createCloudProviderSchema.parse(keyed)).toMatchObject({
    type: "gmail",
    cloud: "google",
    accountTypes: "tenant",
    tenantId: "",
    hosts: null,
    credential: { kind: "managed_identity", identityClientId: "" },
  });
});

describe("the application id", () => {
  test("is a GUID, stored in lower case, without the braces and blanks of copying", () => {
    const clientId = ` {${CLIENT_ID.toUpperCase()}}\n`;
    expect(createCloudProviderSchema.parse({ ...form, clientId }).clientId).toBe(CLIENT_ID);
  });

  test.each([
    ["nothing", "", /Enter the application id/],
    ["no dashes", CLIENT_ID.replaceAll("-", ""), /dashes are missing/],
    ["a letter G", CLIENT_ID.replace("3", "g"), /not a valid id/],
    ["zeros", "00000000-0000-0000-0000-000000000000", /all zeros/],
    ["an address", "alice@contoso.com", /email address/],
    ["a megabyte", "a".repeat(1_048_576), /too long/],
  ])("is refused: %s", (_what, clientId, message) => {
    expect(problems({ clientId }).clientId).toMatch(message);
  });

  test("is not the tenant id", () => {
    expect(problems({ tenantId: CLIENT_ID }).tenantId).toMatch(/same/);
  });
});

test.each([TENANT_ID, "contoso.onmicrosoft.com", "esempio.рф"])("%s is a tenant", (tenantId) => {
  expect(problems({ tenantId })).toEqual({});
});

test.each([
  ["", /Enter the tenant id/],
  ["Organizations", /many tenants/],
  ["00000000-0000-0000-0000-000000000000", /all zeros/],
  ["../common", /not a valid id/],
  ["contoso.com%2f..", /not a valid id/],
  ["a.com?b", /not a valid id/],
  ["//evil.com", /not a valid id/],
  ["@evil.com", /email address/],
  ["contoso.com:443", /not a valid id/],
  ["contoso.com\\evil", /not a valid id/],
])("%j is no tenant", (tenantId, message) => {
  expect(problems({ tenantId }).tenantId).toMatch(message);
});

describe("the client secret", () => {
  test("is trimmed of what copying adds", () => {
    const pasted = `  ${SECRET}\r\n`;
    const credential = { ...form.credential, clientSecret: pasted };
    expect(createCloudProviderSchema.parse({ ...form, credential })).toEqual(form);
  });

  test.each([
    ["nothing", "", /Enter the client secret/],
    ["the secret's id in braces", "{3F2A0C1E-9D1B-4A35-8C1B-0A6F2F1D9A10}", /Secret ID/],
    ["stars", "***", /placeholder/],
    ["a line end inside", "abc\ndef", /spaces or control/],
    ["a zero-width space inside", "abc\u200bdef", /spaces or control/],
    ["three megabytes", "s".repeat(3_145_728), /far too long/],
  ])("is refused, and never repeated: %s", (_what, clientSecret, message) => {
    const credential = { ...form.credential, clientSecret };
    const text = problems({ credential })["credential.clientSecret"];
    expect(text).toMatch(message);
    if (clientSecret.length > 3) expect(text).not.toContain(clientSecret);
  });

  test.each([
    ["on a day that has passed everywhere", dayBeforeYesterday(), /passed/],
    ["more than 24 months ahead", "2999-01-01", /24 months/],
    ["the 30th of February", "2027-02-30", /does not exist/],
    ["month 13", "2027-13-01", /does not exist/],
    ["words", "tomorrow", /Enter the day/],
  ])("does not expire %s", (_what, secretExpiresOn, message) => {
    const credential = { ...form.credential, secretExpiresOn };
    expect(problems({ credential })["credential.secretExpiresOn"]).toMatch(message);
    const update = { cloudProviderId: CLIENT_ID, clientSecret: SECRET, secretExpiresOn };
    expect(updateClientSecretSchema.safeParse(update).success).toBe(false);
  });

  test.each([
    ["today in America, where it is the 30th", "2026-08-30", undefined],
    ["two years from today", "2028-08-31", undefined],
    ["yesterday in America", "2026-08-29", /passed/],
    ["more than two years from today, anywhere", "2028-09-01", /24 months/],
  ])("at three in the morning of 31 August, UTC, may expire, or not: %s", (...row) => {
    vi.useFakeTimers({ now: new Date("2026-08-31T03:00:00Z"), toFake: ["Date"] });
    const [, secretExpiresOn, message] = row;
    const credential = { ...form.credential, secretExpiresOn };
    const text = problems({ credential })["credential.secretExpiresOn"];
    vi.useRealTimers();
    if (message) expect(text).toMatch(message);
    else expect(text).toBeUndefined();
  });
});

describe("the redirect URI", () => {
  test("is accepted when it is the expected one, byte for byte", () => {
    expect(redirectUriProblem(CALLBACK, CALLBACK)).toBeNull();
  });

  test.each([
    CALLBACK.replace("https:", "http:"),
    "javascript:alert(1)",
    CALLBACK.replace("postkey.example.com", "postkey.example.com\\@evil.test"),
    CALLBACK.replace("postkey.example.com", "postkey.example.com@evil.test"),
    CALLBACK.replace("example.com", "example.com:444"),
    CALLBACK.replace("postkey", "pоstkey"),
    `${CALLBACK}/`,
    `${CALLBACK}${"x".repeat(256)}`,
  ])("%j is refused with a reason", (text) => {
    expect(redirectUriProblem(text, CALLBACK)).toEqual(expect.any(String));
  });
});

describe("only known words and types are taken", () => {
  test.each([
    ["service", "__proto__"],
    ["accountTypes", "everybody"],
    ["cloud", "../global"],
    ["name", { not: "" }],
    ["tenantId", null],
  ])("%s cannot be %j", (field, value) => {
    expect(problems({ [field]: value })[field]).toEqual(expect.any(String));
  });

  test("an unknown key is refused", () => {
    expect(problems({ refreshToken: "x" }).root).toEqual(expect.any(String));
  });

  test.each([-1, 1.5, "1", null])("nobody accepts %j accounts", (acceptedAccounts) => {
    const input = { id: CLIENT_ID, acceptedAccounts };
    expect(deleteCloudProviderSchema.safeParse(input).success).toBe(false);
  });
});

function dayBeforeYesterday(): string {
  return new Date(Date.now() - 2 * DAY_MS).toISOString().slice(0, 10);
}

describe("a provider at Google", () => {
  const google = {
    ...form,
    service: "google",
    type: "gmail",
    cloud: "google",
    tenantId: "",
    clientId: " 482915730064-Sandbox.apps.googleusercontent.com",
  };

  test("takes a client id of Google's, and no tenant", () => {
    const parsed = createCloudProviderSchema.parse(google);
    expect(parsed.clientId).toBe("482915730064-sandbox.apps.googleusercontent.com");
  });

  test.each([
    ["clientId", "11111111-1111-4111-8111-111111111111"],
    ["tenantId", "not a domain"],
    ["grant", "app_only"],
    ["type", "outlook365"],
  ])("refuses the %s %j", (field, value) => {
    const { error } = createCloudProviderSchema.safeParse({ ...google, [field]: value });
    expect(error?.issues.map(({ path }) => path[0])).toEqual([field]);
  });
});
