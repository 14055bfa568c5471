import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { openRegistration } from "@/lib/registrations/store";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { providerForm } from "@/lib/testing/sign-in";
import { hostsOf } from "../cloud-hosts";
import type { Cloud } from "../clouds";
import { machineToken } from "./machine-token";

const sandbox = withInstallation();
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

describe.each([FILE, IDENTITY])("a credential of this machine: $kind", (credential) => {
  test("is not even read for hosts that no preset names", async () => {
    for (const [what, cloud] of others(sandbox().cloud))
      await expect(machineToken({ cloud }, credential), what).rejects.toMatchObject(ELSEWHERE);
  });

  test("is refused at the field of a new provider, and nothing is stored", async () => {
    const typed =
      credential.kind === "federated_token" ? FILE : { ...IDENTITY, identityClientId: "" };
    const { clientId: _, ...kind } = { clientId: null, ...typed };
    const authority = "https://login.example.test";
    const hosts = { ...hostsOf(sandbox().cloud), authority };
    const form = providerForm(sandbox(), { credential: kind, hosts });
    await expect(createCloudProvider(ada, form)).rejects.toMatchObject({
      ...ELSEWHERE,
      fields: { "hosts.authority": [expect.stringContaining("configured cloud")] },
    });
    expect(await db().cloudProvider.count()).toBe(0);
  });
});

test("a provider that somebody gives other hosts in the database uses none of them", async () => {
  const { id } = await createCloudProvider(ada, providerForm(sandbox()));
  await db().clientCredential.updateMany({
    where: { cloudProviderId: id },
    data: { kind: "federated_token", source: { tokenFile: FILE.tokenFile }, secretSealed: null },
  });
  const hosts = { authority: "https://evil.example" };
  await db().cloudProvider.update({ where: { id }, data: { hosts } });
  const { cloud, credential } = await openRegistration(id);
  if (credential.kind !== "federated_token") throw new Error("Another credential.");
  await expect(machineToken({ cloud }, credential)).rejects.toMatchObject(ELSEWHERE);
});
