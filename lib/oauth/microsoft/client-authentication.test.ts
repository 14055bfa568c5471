import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { IDENTITY_HEADER } from "@/e2e/sandbox/identity/instance";
import { MACHINE_SUBJECT } from "@/e2e/sandbox/registrations";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { openRegistration } from "@/lib/registrations/store";
import { administrator } from "@/lib/testing/actors";
import { folderOfFile } from "@/lib/testing/folder";
import { foreignToken, registered, withInstallation } from "@/lib/testing/sandbox";
import { providerForm } from "@/lib/testing/sign-in";
import type { Cloud } from "../clouds";
import { hostsOf } from "../configured-clouds";
import type { Credential } from "../service";
import { proveCredential } from "./client";
import { machineToken } from "./client-authentication";

const sandbox = withInstallation();
const directory = folderOfFile();
const tokenFile = join(directory, "token");

beforeAll(() => {
  env().federatedTokens = { directories: [directory], file: undefined };
});

const prove = (credential: Credential) => proveCredential({ ...registered(sandbox()), credential });
const proveFile = (file = tokenFile) => prove({ kind: "federated_token", tokenFile: file });

/** Writes the file as the platform that projects the token does. */
async function writeToken(fields: Record<string, string> = {}): Promise<void> {
  writeFileSync(tokenFile, await foreignToken(sandbox(), fields));
}

/* That each credential opens a mailbox is in lib/sign-ins/every-way-in.test.ts. */
describe("a token in a file", () => {
  test("is read again each time", async () => {
    await writeToken({ subject: "system:serviceaccount:other:other" });
    await expect(proveFile()).rejects.toMatchObject({ remedyId: "AADSTS700213" });
    await writeToken();
    await proveFile();
  });

  test.each<[string, () => void]>([
    ["missing", () => undefined],
    ["a directory", () => mkdirSync(tokenFile)],
    ["larger than 64 KB", () => writeFileSync(tokenFile, `a.b.${"c".repeat(65_536)}`)],
    ["something else", () => writeFileSync(tokenFile, "root:x:0:0:root:/root:/bin/sh\n")],
  ])("is waited for while it is %s", async (_what, break_) => {
    rmSync(tokenFile, { recursive: true, force: true });
    break_();
    await expect(proveFile()).rejects.toMatchObject({
      kind: "retry",
      remedyId: "postkey.token_file_unreadable",
    });
    rmSync(tokenFile, { recursive: true, force: true });
  });

  test("is found where Kubernetes links to it, and not read from anywhere else", async () => {
    await writeToken();
    const [link, out] = [join(directory, "link"), join(directory, "out")];
    symlinkSync(tokenFile, link);
    symlinkSync("/etc/passwd", out);
    await proveFile(link);
    const elsewhere = [`${directory}/../passwd`, `${directory}-other/token`, out];
    for (const file of ["/etc/passwd", "relative/token", ...elsewhere])
      await expect(proveFile(file), file).rejects.toMatchObject({
        remedyId: "postkey.token_file_not_allowed",
      });
  });

  test("is read from the file that Azure names, without its directory being named", async () => {
    await writeToken();
    env().federatedTokens = { directories: [], file: tokenFile };
    await proveFile();
    await expect(proveFile(join(directory, "link"))).rejects.toThrow();
    env().federatedTokens = { directories: [directory], file: undefined };
  });
});

describe("the identity of the machine", () => {
  const identity = (clientId: string | null = null) =>
    prove({ kind: "managed_identity", clientId });
  const endpoint = (path: string, header = IDENTITY_HEADER) => {
    env().identityEndpoint = { url: new URL(path, sandbox().controlUrl).href, header };
  };

  test.each<[string, () => void, string]>([
    ["the header is wrong", () => endpoint("instance/identity", "no"), "managed_identity_refused"],
    ["nothing is there", () => endpoint("nowhere"), "managed_identity_unreachable"],
    ["nobody answers", () => endpoint("http://127.0.0.1:1"), "managed_identity_unreachable"],
  ])("says what to do when %s", async (_what, prepare, remedyId) => {
    prepare();
    await expect(identity()).rejects.toMatchObject({ remedyId: `postkey.${remedyId}` });
  });

  test("is one that this machine has", async () => {
    endpoint("instance/identity");
    await identity(MACHINE_SUBJECT);
    await expect(identity("00000000-0000-4000-8000-000000000000")).rejects.toMatchObject({
      kind: "fix_registration",
      remedyId: "postkey.managed_identity_refused",
    });
  });
});

describe("of this machine", () => {
  const ada = administrator();
  const FILE = { kind: "federated_token", tokenFile: "/nowhere/token" } as const;
  const IDENTITY = { kind: "managed_identity", clientId: null } as const;
  const ELSEWHERE = { remedyId: "postkey.machine_token_elsewhere" };

  const others = (cloud: Cloud): [string, Cloud][] => {
    const url = "https://evil.example";
    const { imap, smtp, pop3 } = cloud.mail;
    const host = "evil.example";
    return [
      ["sign-in servers", { ...cloud, authority: url }],
      ["sign-in page", { ...cloud, authorizeOrigin: url }],
      ["scopes", { ...cloud, scopeHost: url }],
      ["Graph", { ...cloud, graph: url }],
      ["IMAP server", { ...cloud, mail: { imap: { ...imap, host }, smtp, pop3 } }],
      ["SMTP server", { ...cloud, mail: { imap, smtp: { ...smtp, port: 25 }, pop3 } }],
      ["POP3 server", { ...cloud, mail: { imap, smtp, pop3: { ...pop3, host } } }],
      ["cloud", { ...cloud, id: "nobody-configured-it" }],
    ];
  };

  beforeEach(() => {
    env().privateHosts = new Set(["localhost"]);
    env().mailPorts = new Set(Object.values(sandbox().cloud.mail).map(({ port }) => port));
  });

  test.each([
    [FILE, FILE],
    [IDENTITY, { kind: "managed_identity", identityClientId: "" }],
  ])("a credential is not even read for hosts that no preset names: %o", async (read, typed) => {
    for (const [what, cloud] of others(sandbox().cloud))
      await expect(machineToken({ cloud }, read), what).rejects.toMatchObject(ELSEWHERE);
    const hosts = { ...hostsOf(sandbox().cloud), authority: "https://login.example.test" };
    const form = providerForm(sandbox(), { credential: typed, hosts });
    await expect(createCloudProvider(ada, form)).rejects.toMatchObject({
      ...ELSEWHERE,
      fields: { "hosts.authority": [expect.stringContaining("configured cloud")] },
    });
    expect(await db().cloudProvider.count()).toBe(0);
  });

  test("a provider that somebody gives other hosts in the database uses none of them", async () => {
    const { id } = await createCloudProvider(ada, providerForm(sandbox()));
    const { kind, ...source } = FILE;
    const data = { kind, source, secretSealed: null };
    await db().clientCredential.updateMany({ where: { cloudProviderId: id }, data });
    const hosts = { authority: "https://evil.example" };
    await db().cloudProvider.update({ where: { id }, data: { hosts } });
    const { cloud, credential } = await openRegistration(id);
    if (credential.kind !== "federated_token") throw new Error("Another credential.");
    await expect(machineToken({ cloud }, credential)).rejects.toMatchObject(ELSEWHERE);
  });
});
