import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, arrive, providerForm, signIn } from "@/lib/testing/sign-in";
import { beginAuthorization } from "./begin";
import { beginAdminConsent } from "./begin-admin-consent";
import { findOutcome, listAuthorizations } from "./queries";

const sandbox = withInstallation();
const ada = administrator();
const ADELE = "adele@contoso.test";
let cloudProviderId: string;

beforeEach(async () => {
  await db().authorizationRequest.deleteMany();
  await db().cloudProvider.deleteMany();
  ({ id: cloudProviderId } = await createCloudProvider(ada, providerForm(sandbox())));
});

/** What an administrator presses on the platform's page, and the parameters that come back. */
async function walk(fields: Record<string, string>): Promise<URLSearchParams> {
  const url = await beginAdminConsent(ada, cloudProviderId);
  const body = new URLSearchParams(fields);
  const answer = await fetch(url, { method: "POST", body, redirect: "manual" });
  return new URL(answer.headers.get("location") ?? "http://nowhere").searchParams;
}

async function outcomeOf(parameters: URLSearchParams) {
  const { authorizationRequestId } = await arrive(ada, parameters);
  return findOutcome(ada, authorizationRequestId);
}

const ACCEPT = { account: ADELE, consent: "accept" };

describe("the consent of an administrator", () => {
  test("names tenant, application and permissions, and comes back to the redirect URI", async () => {
    const url = await beginAdminConsent(ada, cloudProviderId);
    const { clientId, tenantId } = sandbox().registration;
    expect(url.pathname).toBe(`/${tenantId}/v2.0/adminconsent`);
    expect(url.searchParams.get("client_id")).toBe(clientId);
    expect(url.searchParams.get("scope")).toContain("/IMAP.AccessAsUser.All");
    expect(url.searchParams.get("redirect_uri")).toContain("/oauth2/microsoft/callback");
  });

  test("is an outcome of its own, and nobody is signed in by it", async () => {
    expect(await outcomeOf(await walk(ACCEPT))).toEqual({ kind: "consented" });
    expect((await listAuthorizations(ada, cloudProviderId)).rows).toEqual([]);
    const audit = await db().auditEvent.findMany({ select: { action: true } });
    expect(audit.map(({ action }) => action)).toContain("cloud_provider.admin_consent");
  });

  test("spares everybody the question", async () => {
    await walk(ACCEPT);
    const outcome = await signIn(ada, { subject: "provider", cloudProviderId }, ALICE);
    expect(outcome).toMatchObject({ kind: "connected", missingScopes: [] });
    const [row] = (await listAuthorizations(ada, cloudProviderId)).rows;
    expect(row?.permissions.every(({ isGranted }) => isGranted)).toBe(true);
  });

  test.each([
    ["was cancelled", { cancel: "1" }, "AADSTS65004"],
    ["was tried by somebody else", { account: ALICE, consent: "accept" }, "AADSTS90094"],
  ])("says what went wrong when it %s", async (_what, fields, remedyId) => {
    expect(await outcomeOf(await walk(fields as Record<string, string>))).toMatchObject({
      kind: "failed",
      remedyId,
    });
  });

  test("of another tenant is none", async () => {
    const parameters = await walk(ACCEPT);
    parameters.set("tenant", "7b9f4ad1-52c7-4b3e-9f57-5d0a4c6e8b21");
    expect(await outcomeOf(parameters)).toMatchObject({ remedyId: "callback.consent_elsewhere" });
  });

  test.each([{ admin_consent: "False" }, { admin_consent: "" }, { code: "stolen" }])(
    "is not taken from %j",
    async (changes) => {
      const parameters = await walk(ACCEPT);
      parameters.delete("admin_consent");
      for (const [name, value] of Object.entries(changes)) parameters.set(name, value);
      const ended = outcomeOf(parameters).catch((error: unknown) => error);
      expect(await ended).toMatchObject({ remedyId: "callback.code_missing" });
    },
  );

  test("counts once, and a second arrival is told the same", async () => {
    const action = "cloud_provider.admin_consent";
    const count = () => db().auditEvent.count({ where: { action } });
    const before = await count();
    const parameters = await walk(ACCEPT);
    await arrive(ada, parameters);
    expect(await outcomeOf(parameters)).toEqual({ kind: "consented" });
    expect(await count()).toBe(before + 1);
  });

  test("is taken from nobody but who asked for it", async () => {
    const parameters = await walk(ACCEPT);
    await expect(arrive(administrator("Bob"), parameters)).rejects.toMatchObject({
      remedyId: "callback.other_session",
    });
  });
});

test("an answer of the page for administrators ends no sign-in", async () => {
  const url = await beginAuthorization(ada, { subject: "provider", cloudProviderId });
  const state = url.searchParams.get("state") ?? "";
  const parameters = new URLSearchParams({ admin_consent: "True", state });
  expect(await outcomeOf(parameters)).toMatchObject({ remedyId: "callback.code_missing" });
});
