import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { differingHosts, findCloud, hostsOf, withHosts } from "@/lib/oauth/configured-clouds";
import { updateCloudProvider } from "@/lib/sign-ins/mailboxes/mutations";
import { connectApplication } from "@/lib/sign-ins/mutations";
import { administrator } from "@/lib/testing/actors";
import { runTest } from "@/lib/testing/connection-test";
import { withInstallation } from "@/lib/testing/sandbox";
import {
  accountForm,
  hostsAt,
  providerEdit,
  providerForm,
  typedSecret,
} from "@/lib/testing/sign-in";
import { isoDay } from "../credentials/schema";
import { createCloudProvider } from "../mutations";
import { findCloudProvider } from "../queries";
import { type ProviderHosts, providerHostsSchema } from "../registration/schema";
import { openRegistration } from "../store";

const sandbox = withInstallation();
const ada = administrator();

const global = () => {
  const cloud = findCloud("global");
  if (!cloud) throw new Error("Microsoft's cloud is built in.");
  return cloud;
};
const hosts = (changes: Partial<ProviderHosts> = {}) => ({ ...hostsOf(global()), ...changes });
const ofSandbox = () => hostsOf(sandbox().cloud);

beforeAll(() => {
  const { mail } = sandbox().cloud;
  env().mailPorts = new Set(Object.values(mail).map(({ port }) => port));
});
beforeEach(async () => {
  env().privateHosts = new Set(["localhost"]);
  await db().emailAccount.deleteMany();
  await db().cloudProvider.deleteMany();
});

const create = (changes: Record<string, unknown>) =>
  createCloudProvider(ada, providerForm(sandbox(), changes));

describe("hosts that differ from the cloud's", () => {
  test("are the only ones that are stored, and the rest follows the cloud", () => {
    expect(differingHosts(global(), hosts())).toBeNull();
    const authority = "https://login.example.test";
    const stored = differingHosts(global(), hosts({ authority }));
    expect(stored).toEqual({ authority });
    const used = withHosts(global(), stored);
    expect(used).toMatchObject({ authority, authorizeOrigin: authority, mail: global().mail });
  });

  test("are where the provider's platform and mail servers are asked", async () => {
    const { clientId, tenantId, clientSecret } = sandbox().serviceRegistration;
    const ids = { clientId, tenantId, clientSecret };
    const own = { cloud: "global", grant: "app_only", hosts: ofSandbox() };
    const { id, proved } = await create({ ...ids, ...own });
    expect(proved).toBe(true);
    await connectApplication(ada, { cloudProviderId: id });
    const account = await createEmailAccount(ada, accountForm({ cloudProviderId: id }));
    expect(await runTest(ada, account.id)).toMatchObject({ verdict: "ok" });
    const provider = await findCloudProvider(ada, id);
    expect(provider).toMatchObject({ cloud: "global", hasOwnHosts: true, hosts: ofSandbox() });
  });

  test("get no credential that was stored for others", async () => {
    const { id } = await create({});
    const edit = (changes: Record<string, unknown>) => providerEdit(ada, id, changes);
    const { mail } = ofSandbox();
    const elsewhere = "https://elsewhere.example.test";
    const others = [
      ...[{ authority: elsewhere }, { graph: elsewhere }, { scopeHost: elsewhere }],
      ...(["imap", "smtp", "pop3"] as const).flatMap((protocol) => [
        { mail: { ...mail, [protocol]: { ...mail[protocol], host: "mail.example.test" } } },
        { mail: { ...mail, [protocol]: { ...mail[protocol], port: 993 } } },
        { mail: { ...mail, [protocol]: { ...mail[protocol], tls: other(mail[protocol].tls) } } },
      ]),
    ];
    for (const changes of others) {
      const edited = updateCloudProvider(
        ada,
        await edit({ hosts: { ...ofSandbox(), ...changes } }),
      );
      const refused = { fields: { replacement: [expect.any(String)] } };
      await expect(edited, JSON.stringify(changes)).rejects.toMatchObject(refused);
    }
    const expiresAt = (await findCloudProvider(ada, id))?.secretExpiresAt;
    const replacement = typedSecret(sandbox().registration.clientSecret, isoDay(9));
    const onlyGraph = { hosts: { ...ofSandbox(), graph: elsewhere }, replacement };
    const entered = await updateCloudProvider(ada, await edit(onlyGraph));
    expect((await openRegistration(id)).cloud.graph).toBe(elsewhere);
    // The same secret for other hosts: when it expires was known before.
    expect(entered).toEqual({ isReplaced: false, expiresAt });
  });
});

describe("a host that is wrong says so at its field:", () => {
  test.each<[string, Partial<ProviderHosts>, string, RegExp]>([
    ["nothing", { authority: "" }, "authority", /Enter the address/],
    ["http", { authority: "http://login.example.test" }, "authority", /Only https/],
    ["a path", { authority: "https://login.example.test/common" }, "authority", /without a path/],
    ["a user", { scopeHost: "https://me@example.test" }, "scopeHost", /must not contain a user/],
  ])("%s", (...[, changes, field, message]) => {
    const [issue] = providerHostsSchema.safeParse(hosts(changes)).error?.issues ?? [];
    expect([issue?.path.join("."), issue?.message]).toEqual([
      field,
      expect.stringMatching(message),
    ]);
  });

  const REFUSED: [string, Partial<ProviderHosts>, string][] = [
    ["this machine", { authority: "https://localhost" }, "hosts.authority"],
    ["a private address", { graph: "https://10.0.0.1" }, "hosts.graph"],
    ["loopback in IPv6", { scopeHost: "https://[::1]" }, "hosts.scopeHost"],
    ["another port", { authority: "https://login.example.test:8443" }, "hosts.authority"],
    ["a private mail server", { mail: mailWith("192.168.0.1") }, "hosts.mail.imap.host"],
  ];
  test.each(REFUSED)("%s is not reached from a form", async (_what, changes, field) => {
    env().privateHosts = new Set();
    await expect(create({ cloud: "global", hosts: hosts(changes) })).rejects.toMatchObject({
      code: "unprocessable",
      fields: { [field]: [expect.stringContaining("operator can allow")] },
    });
    expect(await db().cloudProvider.count()).toBe(0);
  });
});

function other(tls: "implicit" | "starttls") {
  return tls === "implicit" ? ("starttls" as const) : ("implicit" as const);
}

function mailWith(host: string): ProviderHosts["mail"] {
  return { ...hostsAt("mail.example.test"), imap: hostsAt(host).imap };
}
