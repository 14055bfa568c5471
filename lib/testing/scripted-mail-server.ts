import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type ScriptedServer, startScriptedServer, type Talk } from "@/e2e/servers/scripted-server";
import { createTestCertificate } from "@/e2e/servers/test-certificate";
import type { Protocol } from "@/lib/egress/protocols/schema";

import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { administrator } from "./actors";
import { withDatabase } from "./database";
import { createDevice, type DeviceForm } from "./made";
import { accountForm } from "./sign-in";

/**
 * A database, and mail servers that say what they are told to, for the test file.
 * @returns makes a device whose account is at these servers, and tells its password
 */
export function withScriptedMailServer(
  talks: Partial<Record<Protocol, Talk>>,
): (of: Omit<DeviceForm, "emailAccountId">) => Promise<string> {
  let directory: string;
  const servers = new Map<string, ScriptedServer>();
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "postkey-scripted-"));
    const certificate = await createTestCertificate(join(directory, "certificate"));
    for (const [protocol, talk] of Object.entries(talks))
      servers.set(protocol, await startScriptedServer(talk, certificate));
    process.env.POSTKEY_CA_FILE = join(directory, "ca.pem");
    writeFileSync(process.env.POSTKEY_CA_FILE, certificate.caPem);
    process.env.POSTKEY_PRIVATE_HOSTS = "localhost";
    process.env.POSTKEY_MAIL_PORTS = [...servers.values()].map(({ port }) => port).join();
  });
  withDatabase();
  afterAll(async () => {
    for (const server of servers.values()) await server.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return async (of) => {
    const ada = administrator();
    const [any] = servers.values();
    const at = (protocol: Protocol) => {
      const { port = 0 } = servers.get(protocol) ?? any ?? {};
      return { host: "localhost", port, tls: "implicit" } as const;
    };
    const hosts = { imap: at("imap"), smtp: at("smtp"), pop3: at("pop3") };
    const own = { service: "custom", modernAuthentication: false, password: "secret", hosts };
    const { id: emailAccountId } = await createEmailAccount(ada, accountForm(own));
    return (await createDevice(ada, { ...of, emailAccountId })).password;
  };
}
