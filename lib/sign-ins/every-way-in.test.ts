import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { IDENTITY_HEADER } from "@/e2e/sandbox/identity/instance";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { env } from "@/lib/kernel/env";
import { generateCertificate } from "@/lib/oauth/certificates/generate";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { MICROSOFT_GRANTS } from "@/lib/registrations/registration/schema";
import { administrator } from "@/lib/testing/actors";
import { runTest, type TestRun } from "@/lib/testing/connection-test";
import { pollDeviceCodesNow, typeDeviceCode } from "@/lib/testing/device-code";
import { foreignToken, uploadCertificate, withInstallation } from "@/lib/testing/sandbox";
import { ALICE, accountForm, providerForm, signIn, typedSecret } from "@/lib/testing/sign-in";
import { letExpire, refreshDue, tokenRow } from "@/lib/testing/tokens";
import { beginAuthorization } from "./begin";
import { connectApplication } from "./connect-application";

/** Every credential with every grant and every protocol, the whole way from the form to the mail servers. */
const sandbox = withInstallation();
const ada = administrator();
const directory = mkdtempSync(join(tmpdir(), "postkey-every-way-"));
const tokenFile = join(directory, "token");

beforeAll(async () => {
  env().federatedTokens = { directories: [directory], file: undefined };
  const url = new URL("instance/identity", sandbox().controlUrl).href;
  env().identityEndpoint = { url, header: IDENTITY_HEADER };
  writeFileSync(tokenFile, await foreignToken(sandbox()));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

type App = { clientId: string; tenantId: string; clientSecret: string };

/** What the form sends for the credential of an application, by its kind. */
const CREDENTIALS: Readonly<Record<string, (app: App) => Promise<object>>> = {
  client_secret: async ({ clientSecret }) => typedSecret(clientSecret),
  certificate: async ({ clientId }) => {
    const made = await generateCertificate({ commonName: "test", bits: 2048, months: 12 });
    await uploadCertificate(sandbox(), made.certificate, clientId);
    const file = Buffer.from(made.certificate + made.privateKey).toString("base64");
    return { kind: "certificate", file, password: "" };
  },
  federated_token: async () => ({ kind: "federated_token", tokenFile }),
  managed_identity: async () => ({ kind: "managed_identity", identityClientId: "" }),
};

type Grant = (typeof MICROSOFT_GRANTS)[number];

const ENTER: Readonly<Record<Grant, (cloudProviderId: string) => Promise<unknown>>> = {
  delegated: (cloudProviderId) => signIn(ada, { subject: "provider", cloudProviderId }, ALICE),
  device_code: async (cloudProviderId) => {
    await beginAuthorization(ada, { subject: "provider", cloudProviderId });
    await typeDeviceCode(ada, cloudProviderId);
    await pollDeviceCodesNow();
  },
  app_only: (cloudProviderId) => connectApplication(ada, cloudProviderId),
};

const WAYS = Object.keys(CREDENTIALS).flatMap((credential) =>
  MICROSOFT_GRANTS.map((grant) => [credential, grant] as const),
);

describe.each(WAYS)("%s, %s", (credential, grant) => {
  let cloudProviderId: string;
  let run: TestRun;

  beforeAll(async () => {
    const app = grant === "app_only" ? sandbox().serviceRegistration : sandbox().registration;
    const { clientId, tenantId } = app;
    const typed = await CREDENTIALS[credential]?.(app);
    const form = providerForm(sandbox(), { clientId, tenantId, grant, credential: typed });
    const provider = await createCloudProvider(ada, form);
    expect(provider.isProved).toBe(true);
    cloudProviderId = provider.id;
    await ENTER[grant](cloudProviderId);
    const account = await createEmailAccount(ada, accountForm({ cloudProviderId }));
    run = await runTest(ada, account.id);
  });

  test.each(["imap", "smtp", "pop3"] as const)("opens %s", (protocol) => {
    expect(run.protocols[protocol]).toMatchObject({ verdict: "ok" });
  });

  test("is renewed", async () => {
    await letExpire(cloudProviderId);
    await refreshDue("keeper");
    expect(await tokenRow(cloudProviderId)).toMatchObject({ state: "connected" });
  });
});
