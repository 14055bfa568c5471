import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { IDENTITY_HEADER } from "@/e2e/sandbox/identity/instance";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { env } from "@/lib/kernel/env";
import { generateCertificate } from "@/lib/oauth/certificates/generate";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { MICROSOFT_GRANTS } from "@/lib/registrations/registration/schema";
import { administrator } from "@/lib/testing/actors";
import { runTest } from "@/lib/testing/connection-test";
import { pollDeviceCodesNow, typeDeviceCode } from "@/lib/testing/device-code";
import { folderOfFile } from "@/lib/testing/folder";
import { isLong } from "@/lib/testing/long";
import { foreignToken, uploadCertificate, withInstallation } from "@/lib/testing/sandbox";
import { ALICE, accountForm, providerForm, signIn, typedSecret } from "@/lib/testing/sign-in";
import { letExpire, refreshDue, tokenRow } from "@/lib/testing/tokens";
import { beginAuthorization } from "./begin";
import { connectApplication } from "./mutations";

/** Every credential with a grant, and in the long run with all, the whole way from the form to the mail servers. */
const sandbox = withInstallation();
const ada = administrator();
const directory = folderOfFile();
const tokenFile = join(directory, "token");

beforeAll(async () => {
  env().federatedTokens = { directories: [directory], file: undefined };
  const url = new URL("instance/identity", sandbox().controlUrl).href;
  env().identityEndpoint = { url, header: IDENTITY_HEADER };
  writeFileSync(tokenFile, await foreignToken(sandbox()));
});

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
  app_only: (cloudProviderId) => connectApplication(ada, { cloudProviderId }),
};

const WAYS = Object.keys(CREDENTIALS).flatMap((credential, nth) =>
  MICROSOFT_GRANTS.filter((_grant, at) => isLong || at === nth % MICROSOFT_GRANTS.length).map(
    (grant) => [credential, grant] as const,
  ),
);

test.each(WAYS)("%s, %s opens IMAP, SMTP and POP3, and is renewed", async (credential, grant) => {
  const app = grant === "app_only" ? sandbox().serviceRegistration : sandbox().registration;
  const { clientId, tenantId } = app;
  const typed = await CREDENTIALS[credential]?.(app);
  const form = providerForm(sandbox(), { clientId, tenantId, grant, credential: typed });
  const { id: cloudProviderId, proved } = await createCloudProvider(ada, form);
  expect(proved).toBe(true);
  await ENTER[grant](cloudProviderId);
  const account = await createEmailAccount(ada, accountForm({ cloudProviderId }));
  const { protocols } = await runTest(ada, account.id);
  expect(Object.values(protocols).map(({ verdict }) => verdict)).toEqual(["ok", "ok", "ok"]);
  await letExpire(cloudProviderId);
  await refreshDue("keeper");
  expect(await tokenRow(cloudProviderId)).toMatchObject({ state: "connected" });
});
