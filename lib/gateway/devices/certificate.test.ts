import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { createTestCertificate, type TestCertificate } from "@/e2e/servers/test-certificate";
import { listUnknownAttempts } from "@/lib/devices/attempts/queries";
import { openAuthority } from "@/lib/devices/authority/store";
import { DAY_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { administrator } from "@/lib/testing/actors";
import { listenerOf, Wire } from "@/lib/testing/device-gateway";
import { folderOfFile } from "@/lib/testing/folder";
import { withInstallation } from "@/lib/testing/sandbox";
import { listOpenIncidents } from "@/lib/watch/incidents/queries";
import { watchIncidents } from "@/lib/watch/incidents/watch";
import { GatewayCertificate } from "./certificate";
import { readCertificateFiles } from "./certificate-files";
import { startDeviceListeners } from "./listeners";

withInstallation();
const ada = administrator();
const directory = folderOfFile();
const files = { certificateFile: join(directory, "cert.pem"), keyFile: join(directory, "key.pem") };
let first: TestCertificate;
let second: TestCertificate;

beforeAll(async () => {
  first = await createTestCertificate(join(directory, "first"));
  second = await createTestCertificate(join(directory, "second"));
});
afterEach(() => {
  env().deviceCertificate = undefined;
});

const put = (certificate: string, key: string) => {
  writeFileSync(files.certificateFile, certificate);
  writeFileSync(files.keyFile, key);
};

async function incidents() {
  await watchIncidents({ enqueue: async () => {} });
  const { rows } = await listOpenIncidents(ada);
  return rows.filter(({ quietSince }) => quietSince === null).map(({ remedyId }) => remedyId);
}

const UNUSABLE = "postkey.device_certificate_unusable";

const NO_PASSPHRASE =
  /key\.pem has a passphrase, .*: openssl pkey -in "(\S+key\.pem)" -out "\1\.plain"$/;

function locked(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const form = { type: "pkcs8", format: "pem", cipher: "aes-256-cbc" } as const;
  return privateKey.export({ ...form, passphrase: "secret" }).toString();
}

const start = (kind: "smtp" | "smtps" = "smtp") => startDeviceListeners([listenerOf(kind)]);

describe("the operator's certificate", () => {
  test("is read again when it changes, and a pair that does not match is not taken", async () => {
    put(first.certPem, first.keyPem);
    env().deviceCertificate = files;
    const certificate = new GatewayCertificate();
    await certificate.start();
    const shown = certificate.context;
    expect(shown).toBeDefined();
    put(second.certPem, first.keyPem);
    await certificate.load();
    expect(certificate.context).toBe(shown);
    put(second.certPem, second.keyPem);
    await certificate.load();
    expect(certificate.context).not.toBe(shown);
    const told = await db().installation.findUniqueOrThrow({ where: { id: 1 } });
    expect(told.deviceCertificateExpiresAt).toEqual(
      new Date(new X509Certificate(second.certPem).validTo),
    );
    certificate.stop();
  });

  test("that is no regular file is told at once, and nothing waits for it", async () => {
    put(first.certPem, first.keyPem);
    const endless = { ...files, certificateFile: "/dev/zero" };
    env().deviceCertificate = endless;
    const certificate = new GatewayCertificate();
    await certificate.start();
    await expect(readCertificateFiles(endless)).rejects.toThrow(/is no regular file/);
    expect(await incidents()).toContain(UNUSABLE);
    env().deviceCertificate = files;
    await certificate.load();
    expect(await incidents()).not.toContain(UNUSABLE);
    certificate.stop();
  });

  test("that can't be used any more is an incident until it can, and the last one stays", async () => {
    await db().installation.update({
      where: { id: 1 },
      data: { deviceCertificateExpiresAt: null },
    });
    put(first.certPem, first.keyPem);
    env().deviceCertificate = files;
    const certificate = new GatewayCertificate();
    await certificate.start();
    const before = (await incidents()).filter((id) => id === UNUSABLE);
    const shown = certificate.context;
    put(second.certPem, first.keyPem);
    await certificate.load();
    const atOnce = (await incidents()).filter((id) => id === UNUSABLE);
    await certificate.load();
    expect([before, atOnce, await incidents()]).toEqual([[], [], [UNUSABLE]]);
    expect(certificate.context).toBe(shown);
    put(first.certPem, first.keyPem);
    await certificate.load();
    expect(await incidents()).not.toContain(UNUSABLE);
    certificate.stop();
  });

  test.each([
    ["is not there", "missing.pem", () => "", /POSTKEY_DEVICE_KEY_FILE: ENOENT.*missing\.pem/],
    ["is no key", "key.pem", () => "no key", /key\.pem can't be used: /],
    ["is another's", "key.pem", () => second.keyPem, /key\.pem is not the key of .*cert\.pem/],
    ["has a passphrase", "key.pem", locked, NO_PASSPHRASE],
  ])("is an incident from the start where its key %s, until it can be used", async (...each) => {
    const [, keyFile, key, said] = each;
    put(first.certPem, key());
    const read = { ...files, keyFile: join(directory, keyFile) };
    await expect(readCertificateFiles(read)).rejects.toThrow(said);
    env().deviceCertificate = read;
    const certificate = new GatewayCertificate();
    await certificate.start();
    expect(certificate.context).toBeUndefined();
    expect(await incidents()).toContain(UNUSABLE);
    put(first.certPem, first.keyPem);
    env().deviceCertificate = files;
    await certificate.load();
    expect(certificate.context).toBeDefined();
    expect(await incidents()).not.toContain(UNUSABLE);
    certificate.stop();
  });

  test("keeps no program out while it can't be used, and devices hear why", async () => {
    put(first.certPem, second.keyPem);
    env().deviceCertificate = files;
    const { ports, stop } = await start();
    const wire = await Wire.greeted(ports[0] ?? 0);
    expect(await wire.ask("STARTTLS", /\r\n/)).toMatch(/^454 4\.7\.0 /);
    wire.socket.destroy();
    await stop();
  });
});

describe("a certificate of the local authority", () => {
  afterEach(() => void vi.useRealTimers());

  test.each([
    ["ahead", 400 * DAY_MS],
    ["behind", -20_000 * DAY_MS],
  ])("is trusted although the gateway's machine started with its clock %s", async (_how, byMs) => {
    const data = { deviceAuthority: null, deviceAuthorityKeySealed: null };
    await db().installation.update({ where: { id: 1 }, data });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + byMs });
    const { ports, stop } = await start("smtps");
    vi.useRealTimers();
    const { certificate: ca } = await openAuthority();
    (await Wire.open(ports[0] ?? 0, ca)).socket.destroy();
    await stop();
  });

  test("is made again once the clock that it was made by is set right, and then stays", async () => {
    let now = new Date(Date.now() + 400 * DAY_MS);
    const certificate = new GatewayCertificate(async () => now);
    await certificate.start();
    const early = certificate.context;
    now = new Date();
    await certificate.load();
    const right = certificate.context;
    await certificate.load();
    expect([early === right, certificate.context === right]).toEqual([false, true]);
    certificate.stop();
  });
});

test("a device that begins TLS while there is no certificate is shown", async () => {
  const where = { id: 1 };
  const select = { deviceAuthority: true, deviceAuthorityKeySealed: true } as const;
  const sealed = await db().installation.findUniqueOrThrow({ where, select });
  const deviceAuthorityKeySealed = `v2.${"A".repeat(80)}`;
  const data = { deviceAuthority: first.certPem, deviceAuthorityKeySealed };
  await db().installation.update({ where, data });
  const { ports, stop } = await start("smtps");
  await (await Wire.open(ports[0] ?? 0)).closed();
  const seen = async () => (await listUnknownAttempts(ada)).map(({ outcome }) => outcome);
  await expect.poll(seen).toContain("tls_failed");
  await stop();
  await db().installation.update({ where, data: sealed });
});
