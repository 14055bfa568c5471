import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { pendingCertificate, secretInUse } from "@/lib/testing/credentials";
import { uploadCertificate, withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { letExpire, refreshDue, tokenRow } from "@/lib/testing/tokens";
import { discardPendingCertificate } from "./credentials/mutations";
import { findCertificate } from "./credentials/queries";
import { generateProviderCertificate, proveAndUseCertificate } from "./generate-certificate";
import { findCloudProvider } from "./queries";
import { setAutoRotate } from "./set-auto-rotate";
import { openRegistration } from "./store";

const sandbox = withInstallation();
const ada = administrator();
let cloudProviderId: string;

beforeEach(async () => {
  await db().emailAccount.deleteMany();
  await db().cloudProvider.deleteMany();
  ({ cloudProviderId } = await connectedAccount(ada, sandbox()));
  await generateProviderCertificate(ada, { cloudProviderId, bits: "2048", months: "12" });
});

const use = () => proveAndUseCertificate(ada, cloudProviderId);
const provider = async () => await findCloudProvider(ada, cloudProviderId);
const pendingPem = async () => (await pendingCertificate(cloudProviderId))?.certificate ?? "";

async function expectNothingChanged() {
  expect(await secretInUse(cloudProviderId)).toBe(sandbox().registration.clientSecret);
  expect((await provider())?.pendingCertificate).not.toBeNull();
}

describe("a certificate that was made here", () => {
  test("is not used before the platform knows it, and the refusal says what to do", async () => {
    await expect(use()).rejects.toMatchObject({
      code: "unprocessable",
      remedyId: "AADSTS700027",
      message: expect.stringContaining("Upload it there first"),
    });
    await expectNothingChanged();
  });

  test("is used once it was uploaded, and renews who is signed in", async () => {
    await uploadCertificate(sandbox(), await pendingPem());
    await use();
    expect((await openRegistration(cloudProviderId)).credential.kind).toBe("certificate");
    expect(await provider()).toMatchObject({
      credentialKind: "certificate",
      pendingCertificate: null,
      credentials: [{ kind: "certificate", origin: "made" }, { kind: "client_secret" }],
    });
    await letExpire(cloudProviderId);
    await refreshDue("keeper");
    expect(await tokenRow(cloudProviderId)).toMatchObject({ state: "connected" });
    await expect(use()).rejects.toMatchObject({ code: "conflict" });
  });

  test("ends the renewal of secrets: there is none to renew", async () => {
    await setAutoRotate(ada, { cloudProviderId, autoRotate: true });
    await uploadCertificate(sandbox(), await pendingPem());
    await use();
    expect(await provider()).toMatchObject({ autoRotate: false });
  });

  test("is replaced by the next one that is made, and forgotten when it is discarded", async () => {
    const first = await pendingPem();
    await generateProviderCertificate(ada, { cloudProviderId, bits: "3072", months: "24" });
    expect(await pendingPem()).not.toBe(first);
    await discardPendingCertificate(ada, cloudProviderId);
    expect((await provider())?.pendingCertificate).toBeNull();
  });

  test("is handed out by its thumbprint, without the key", async () => {
    const thumbprint = (await provider())?.pendingCertificate?.thumbprint ?? "";
    const pem = await findCertificate(ada, { cloudProviderId, thumbprint });
    expect(pem).toBe(await pendingPem());
    expect(pem).not.toContain("PRIVATE");
    expect(await findCertificate(ada, { cloudProviderId, thumbprint: "AB" })).toBeNull();
  });

  test("keeps its key to itself", async () => {
    const { privateKey } = (await pendingCertificate(cloudProviderId)) ?? { privateKey: "" };
    const [, line = ""] = privateKey.split("\n");
    expect(line).toHaveLength(64);
    await uploadCertificate(sandbox(), await pendingPem());
    const before = JSON.stringify(await provider());
    await use();
    const tables = [
      await db().pendingCertificate.findMany(),
      await db().clientCredential.findMany(),
    ];
    const audit = await db().auditEvent.findMany({ select: { detail: true, action: true } });
    expect(JSON.stringify([before, await provider(), tables, audit])).not.toContain(line);
    expect(audit.map(({ action }) => action)).toContain("cloud_provider.update_certificate");
  });
});
