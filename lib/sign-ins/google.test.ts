import { beforeAll, describe, expect, test } from "vitest";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { changeCredential } from "@/lib/registrations/change-credential";
import { generateProviderCertificate } from "@/lib/registrations/generate-certificate";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { findCloudProvider } from "@/lib/registrations/queries";
import { redirectUri } from "@/lib/registrations/redirect-uri";
import { createCloudProviderSchema } from "@/lib/registrations/schema";
import { administrator } from "@/lib/testing/actors";
import { runTest } from "@/lib/testing/connection-test";
import { withInstallation } from "@/lib/testing/sandbox";
import { accountForm, arrive, providerForm } from "@/lib/testing/sign-in";
import { tokenRow } from "@/lib/testing/tokens";
import { beginAuthorization } from "./begin";
import { findOutcome } from "./queries";

const sandbox = withInstallation();
const ada = administrator();
const GINA = "gina@gmail.test";
let cloudProviderId: string;
let emailAccountId: string;

beforeAll(async () => {
  const { clientId, clientSecret } = sandbox().google;
  const typed = {
    ...providerForm(sandbox(), { name: "Our Gmail", clientSecret }),
    service: "google",
    type: "gmail",
    cloud: "sandbox-google",
    clientId,
    tenantId: "",
    redirectUri: redirectUri("google"),
  };
  ({ id: cloudProviderId } = await createCloudProvider(
    ada,
    createCloudProviderSchema.parse(typed),
  ));
  const account = { service: "gmail", username: GINA, emailAddress: GINA, cloudProviderId };
  ({ id: emailAccountId } = await createEmailAccount(ada, accountForm(account)));
});

/** Walks Google's pages; `mail` is the box of the one permission that counts. */
async function signInAtGoogle(mail = "yes") {
  const url = await beginAuthorization(ada, { subject: "email_account", emailAccountId });
  const body = new URLSearchParams({ account: GINA, consent: "accept", mail });
  const answer = await fetch(url, { method: "POST", body, redirect: "manual" });
  const { searchParams } = new URL(answer.headers.get("location") ?? "");
  const { authorizationRequestId } = await arrive(ada, searchParams, "google");
  return findOutcome(ada, authorizationRequestId);
}

describe("a Gmail account", () => {
  test("signs in, and opens IMAP, SMTP and POP3", async () => {
    expect(await signInAtGoogle()).toMatchObject({ kind: "connected", username: GINA });
    expect(await runTest(ada, emailAccountId)).toMatchObject({ verdict: "ok" });
  });

  test("keeps its sign-in when a later one leaves mail out", async () => {
    await signInAtGoogle();
    expect(await signInAtGoogle("no")).toMatchObject({ kind: "failed" });
    expect(await tokenRow(cloudProviderId)).toMatchObject({ state: "connected" });
    expect(await runTest(ada, emailAccountId)).toMatchObject({ verdict: "ok" });
  });
});

describe("what belongs to another service", () => {
  test("is no credential at Google, and nothing changes", async () => {
    const credential = { kind: "managed_identity", identityClientId: "" } as const;
    const refused = { code: "unprocessable", message: expect.stringContaining("client secret") };
    await expect(changeCredential(ada, { cloudProviderId, credential })).rejects.toMatchObject(
      refused,
    );
    await expect(
      generateProviderCertificate(ada, { cloudProviderId, bits: "2048", months: "12" }),
    ).rejects.toMatchObject(refused);
    expect(await findCloudProvider(ada, cloudProviderId)).toMatchObject({
      credentialKind: "client_secret",
      pendingCertificate: null,
    });
  });

  test("does not open a mailbox of Google's, nor the other way round", async () => {
    const microsoft = await createCloudProvider(ada, providerForm(sandbox()));
    const wrong = { fields: { cloudProviderId: [expect.stringContaining("another service")] } };
    await expect(
      createEmailAccount(ada, accountForm({ service: "gmail", cloudProviderId: microsoft.id })),
    ).rejects.toMatchObject(wrong);
    await expect(createEmailAccount(ada, accountForm({ cloudProviderId }))).rejects.toMatchObject(
      wrong,
    );
  });
});
