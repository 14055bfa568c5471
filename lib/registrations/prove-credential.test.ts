import { beforeEach, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { uploadCertificate, withInstallation } from "@/lib/testing/sandbox";
import { providerForm } from "@/lib/testing/sign-in";
import { findCertificate } from "./credentials/queries";
import { createCloudProvider } from "./mutations";
import { proveCredentialInUse } from "./prove-credential";
import { findCloudProvider } from "./queries";

const sandbox = withInstallation();
const ada = administrator();
const made = { kind: "generated_certificate", bits: "2048", months: "12" };

beforeEach(() =>
  db()
    .cloudProvider.deleteMany()
    .then(() => {}),
);

const inUse = async (id: string) => (await findCloudProvider(ada, id))?.credentials[0];

test("a provider begins with a certificate that is made here, registered, and proved", async () => {
  const form = providerForm(sandbox(), { credential: made });
  const { id, isProved } = await createCloudProvider(ada, form);
  expect(isProved).toBe(false);
  const credential = await inUse(id);
  expect(credential).toMatchObject({ kind: "certificate", origin: "made", provedAt: null });

  await expect(proveCredentialInUse(ada, id)).rejects.toMatchObject({
    remedyId: "AADSTS700027",
    message: expect.stringContaining("Upload it there first"),
  });
  const thumbprint = credential?.thumbprint ?? "";
  const pem = await findCertificate(ada, { cloudProviderId: id, thumbprint });
  await uploadCertificate(sandbox(), pem ?? "");
  await proveCredentialInUse(ada, id);
  expect((await inUse(id))?.provedAt).toBeInstanceOf(Date);
});

test("with a certificate that is made here, wrong ids are still found at once", async () => {
  const clientId = "00000000-0000-4000-8000-00000000abcd";
  const form = providerForm(sandbox(), { credential: made, clientId });
  await expect(createCloudProvider(ada, form)).rejects.toMatchObject({
    fields: { clientId: [expect.any(String)] },
  });
  expect(await db().cloudProvider.count()).toBe(0);
});

test("a secret that could not be tried when it was entered is proved later", async () => {
  sandbox().faults.set("server_error");
  const { id, isProved } = await createCloudProvider(ada, providerForm(sandbox()));
  expect(isProved).toBe(false);
  await expect(proveCredentialInUse(ada, id)).rejects.toMatchObject({
    code: "temporarily_unavailable",
  });
  sandbox().faults.clearAll();
  await proveCredentialInUse(ada, id);
  expect((await inUse(id))?.provedAt).toBeInstanceOf(Date);
});
