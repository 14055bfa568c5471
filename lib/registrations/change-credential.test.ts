import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { generateCertificate, type KeyedCertificate } from "@/lib/oauth/certificates/generate";
import { administrator } from "@/lib/testing/actors";
import { secretInUse } from "@/lib/testing/credentials";
import { foreignToken, uploadCertificate, withInstallation } from "@/lib/testing/sandbox";
import { providerForm } from "@/lib/testing/sign-in";
import { changeCredential } from "./change-credential";
import { findCertificate } from "./credentials/queries";
import { CERTIFICATE_FILE_MAX, credentialInputSchema } from "./credentials/schema";
import { createCloudProvider } from "./mutations";
import { proveCredentialInUse } from "./prove-credential";
import { findCloudProvider } from "./queries";
import { restoreClientSecret } from "./restore-client-secret";
import { openRegistration } from "./store";

const sandbox = withInstallation();
const ada = administrator();
let cloudProviderId: string;
let made: KeyedCertificate;

beforeEach(async () => {
  await db().cloudProvider.deleteMany();
  ({ id: cloudProviderId } = await createCloudProvider(ada, providerForm(sandbox())));
  made = await generateCertificate({ commonName: "test", bits: 2048, months: 12 });
});

const upload = (pem: string, password = "") => ({
  kind: "certificate" as const,
  file: Buffer.from(pem).toString("base64"),
  password,
});
const change = (pem = made.certificate + made.privateKey, password = "") =>
  changeCredential(ada, { cloudProviderId, credential: upload(pem, password) });

describe("an uploaded certificate", () => {
  test("takes over from a secret when the platform accepts what it signs", async () => {
    await uploadCertificate(sandbox(), made.certificate);
    await change();
    const { credential } = await openRegistration(cloudProviderId);
    expect(credential).toMatchObject({ kind: "certificate", privateKey: made.privateKey });
    const [inUse] = (await findCloudProvider(ada, cloudProviderId))?.credentials ?? [];
    expect(inUse).toMatchObject({ kind: "certificate", expiresAt: made.expiresAt });
  });

  test("that is in use already is proved again and replaces nothing", async () => {
    await uploadCertificate(sandbox(), made.certificate);
    expect(await change()).toEqual({ isReplaced: true, expiresAt: made.expiresAt });
    expect(await change()).toEqual({ isReplaced: false, expiresAt: made.expiresAt });
    expect((await findCloudProvider(ada, cloudProviderId))?.credentials).toHaveLength(2);
  });

  test.each<[string, () => string, RegExp]>([
    ["the platform does not know it", () => made.certificate + made.privateKey, /700027/],
    ["it has no key", () => made.certificate, /no private key/],
  ])("changes nothing when %s", async (_what, file, message) => {
    await expect(change(file())).rejects.toMatchObject({
      code: "unprocessable",
      fields: { "credential.file": [expect.stringMatching(message)] },
    });
    expect(await secretInUse(cloudProviderId)).toBe(sandbox().registration.clientSecret);
  });
});

test("a token in a file takes over, does not end, and gives way again", async () => {
  const directory = mkdtempSync(join(tmpdir(), "postkey-change-"));
  const tokenFile = join(directory, "token");
  env().federatedTokens = { directories: [directory], file: undefined };
  const input = { kind: "federated_token", tokenFile } as const;
  const use = () => changeCredential(ada, { cloudProviderId, credential: input });
  await expect(use()).rejects.toMatchObject({
    fields: { "credential.tokenFile": [expect.stringContaining("token_file_unreadable")] },
  });
  writeFileSync(tokenFile, await foreignToken(sandbox()));
  await use();
  const [inUse] = (await findCloudProvider(ada, cloudProviderId))?.credentials ?? [];
  expect(inUse).toMatchObject({ kind: "federated_token", expiresAt: null, hint: "token" });
  await restoreClientSecret(ada, { cloudProviderId, version: 1 });
  await restoreClientSecret(ada, { cloudProviderId, version: 2 });
  expect((await openRegistration(cloudProviderId)).credential).toEqual(input);
  rmSync(directory, { recursive: true });
});

test("a file of ten megabytes is refused before anybody looks into it", () => {
  const file = "A".repeat(13_981_016);
  const [issue] = credentialInputSchema.safeParse({ ...upload(""), file }).error?.issues ?? [];
  expect(issue).toMatchObject({ path: ["file"], message: expect.stringContaining("64 KB") });
  const largest = Buffer.alloc(CERTIFICATE_FILE_MAX).toString("base64");
  expect(credentialInputSchema.safeParse({ ...upload(""), file: largest }).success).toBe(true);
});

const generated = { kind: "generated_certificate", bits: "2048", months: "12" };
const inUse = async (id: string) => (await findCloudProvider(ada, id))?.credentials[0];

test("a provider begins with a certificate that is made here, registered, and proved", async () => {
  const form = providerForm(sandbox(), { credential: generated });
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
  const form = providerForm(sandbox(), { credential: generated, clientId });
  await expect(createCloudProvider(ada, form)).rejects.toMatchObject({
    fields: { clientId: [expect.any(String)] },
  });
  expect(await db().cloudProvider.count()).toBe(1);
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
