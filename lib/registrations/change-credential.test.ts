import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { generateCertificate, type KeyedCertificate } from "@/lib/oauth/certificates/generate";
import { administrator } from "@/lib/testing/actors";
import { pendingCertificate, secretInUse } from "@/lib/testing/credentials";
import { folderOfFile } from "@/lib/testing/folder";
import { foreignToken, uploadCertificate, withInstallation } from "@/lib/testing/sandbox";
import { providerForm } from "@/lib/testing/sign-in";
import {
  changeCredential,
  generateProviderCertificate,
  proveAndUseCertificate,
  proveCredentialInUse,
  restoreClientSecret,
} from "./change-credential";
import { discardPendingCertificate } from "./credentials/mutations";
import { findCertificate } from "./credentials/queries";
import { CERTIFICATE_FILE_MAX, credentialInputSchema } from "./credentials/schema";
import { createCloudProvider } from "./mutations";
import { findCloudProvider } from "./queries";
import { setAutoRotate } from "./rotations/mutations";
import { openRegistration } from "./store";

const sandbox = withInstallation();
const ada = administrator();
const directory = folderOfFile();
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
  test("takes over from a secret once the platform accepts it; again it replaces nothing", async () => {
    await uploadCertificate(sandbox(), made.certificate);
    expect(await change()).toEqual({ isReplaced: true, expiresAt: made.expiresAt });
    const { credential } = await openRegistration(cloudProviderId);
    expect(credential).toMatchObject({ kind: "certificate", privateKey: made.privateKey });
    expect(await change()).toEqual({ isReplaced: false, expiresAt: made.expiresAt });
    const { credentials } = (await findCloudProvider(ada, cloudProviderId)) ?? {};
    expect(credentials).toHaveLength(2);
    expect(credentials?.[0]).toMatchObject({ kind: "certificate", expiresAt: made.expiresAt });
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
});

test("a file of ten megabytes is refused before anybody looks into it", () => {
  const file = "A".repeat(13_981_016);
  const [issue] = credentialInputSchema.safeParse({ ...upload(""), file }).error?.issues ?? [];
  expect(issue).toMatchObject({ path: ["file"], message: expect.stringContaining("64 KB") });
  const largest = Buffer.alloc(CERTIFICATE_FILE_MAX).toString("base64");
  expect(credentialInputSchema.safeParse({ ...upload(""), file: largest }).success).toBe(true);
});

describe("a certificate that is made here for a provider", () => {
  const make = (bits: "2048" | "3072" = "2048") =>
    generateProviderCertificate(ada, { cloudProviderId, bits, months: "12" });
  const use = () => proveAndUseCertificate(ada, { cloudProviderId });
  const provider = async () => await findCloudProvider(ada, cloudProviderId);
  const pendingPem = async () => (await pendingCertificate(cloudProviderId))?.certificate ?? "";

  test("is used once the platform knows it, and ends the renewal of secrets", async () => {
    await make();
    const unknown = { code: "unprocessable", remedyId: "AADSTS700027" };
    await expect(use()).rejects.toMatchObject(unknown);
    expect(await secretInUse(cloudProviderId)).toBe(sandbox().registration.clientSecret);
    await setAutoRotate(ada, { cloudProviderId, autoRotate: true });
    await uploadCertificate(sandbox(), await pendingPem());
    await use();
    expect((await openRegistration(cloudProviderId)).credential.kind).toBe("certificate");
    expect(await provider()).toMatchObject({
      autoRotate: false,
      credentialKind: "certificate",
      pendingCertificate: null,
      credentials: [{ kind: "certificate", origin: "made" }, { kind: "client_secret" }],
    });
    await expect(use()).rejects.toMatchObject({ code: "conflict" });
  });

  test("is handed out without its key, replaced by the next one, and forgotten when it is discarded", async () => {
    await make();
    const thumbprint = (await provider())?.pendingCertificate?.thumbprint ?? "";
    const pem = await findCertificate(ada, { cloudProviderId, thumbprint });
    expect(pem).toBe(await pendingPem());
    expect(pem).not.toContain("PRIVATE");
    expect(await findCertificate(ada, { cloudProviderId, thumbprint: "AB" })).toBeNull();
    await make("3072");
    expect(await pendingPem()).not.toBe(pem);
    await discardPendingCertificate(ada, { cloudProviderId });
    expect((await provider())?.pendingCertificate).toBeNull();
  });
});

const generated = { kind: "generated_certificate", bits: "2048", months: "12" };
const inUse = async (id: string) => (await findCloudProvider(ada, id))?.credentials[0];

test("a provider begins with a certificate that is made here, registered, and proved", async () => {
  const form = providerForm(sandbox(), { credential: generated });
  const { id, proved } = await createCloudProvider(ada, form);
  expect(proved).toBe(false);
  const credential = await inUse(id);
  expect(credential).toMatchObject({ kind: "certificate", origin: "made", provedAt: null });

  await expect(proveCredentialInUse(ada, { cloudProviderId: id })).rejects.toMatchObject({
    remedyId: "AADSTS700027",
    message: expect.stringContaining("Upload it there first"),
  });
  const thumbprint = credential?.thumbprint ?? "";
  const pem = await findCertificate(ada, { cloudProviderId: id, thumbprint });
  await uploadCertificate(sandbox(), pem ?? "");
  await proveCredentialInUse(ada, { cloudProviderId: id });
  expect((await inUse(id))?.provedAt).toBeInstanceOf(Date);
});

test("with a certificate that is made here, wrong ids are still found at once", async () => {
  const clientId = "00000000-0000-4000-8000-00000000abcd";
  const form = providerForm(sandbox(), { credential: generated, clientId });
  const created = createCloudProvider(ada, form);
  await expect(created).rejects.toMatchObject({ fields: { clientId: [expect.any(String)] } });
  expect(await db().cloudProvider.count()).toBe(1);
});

test("a secret that could not be tried when it was entered is proved later", async () => {
  sandbox().faults.set("server_error");
  const { id, proved } = await createCloudProvider(ada, providerForm(sandbox()));
  expect(proved).toBe(false);
  const proving = proveCredentialInUse(ada, { cloudProviderId: id });
  await expect(proving).rejects.toMatchObject({ code: "temporarily_unavailable" });
  sandbox().faults.clearAll();
  await proveCredentialInUse(ada, { cloudProviderId: id });
  expect((await inUse(id))?.provedAt).toBeInstanceOf(Date);
});
