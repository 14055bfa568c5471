import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type ScriptedServer, startScriptedServer, type Talk } from "@/e2e/servers/scripted-server";
import { createTestCertificate } from "@/e2e/servers/test-certificate";
import { createDevice } from "@/lib/access/devices/mutations";
import type { CreateDevice } from "@/lib/access/devices/schema";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { administrator } from "./actors";
import { withDatabase } from "./database";
import { accountForm } from "./sign-in";

/**
 * A database, and a mail server that says what it is told to, for the test file.
 * @returns makes a device whose account is at this server, and tells its password
 */
export function withScriptedMailServer(
  talk: Talk,
): (of: Omit<CreateDevice, "emailAccountId">) => Promise<string> {
  let directory: string;
  let server: ScriptedServer;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "postkey-scripted-"));
    const certificate = await createTestCertificate(join(directory, "certificate"));
    server = await startScriptedServer(talk, certificate);
    process.env.POSTKEY_CA_FILE = join(directory, "ca.pem");
    writeFileSync(process.env.POSTKEY_CA_FILE, certificate.caPem);
    process.env.POSTKEY_PRIVATE_HOSTS = "localhost";
    process.env.POSTKEY_MAIL_PORTS = `${server.port}`;
  });
  withDatabase();
  afterAll(async () => {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return async (of) => {
    const ada = administrator();
    const endpoint = { host: "localhost", port: server.port, tls: "implicit" } as const;
    const hosts = { imap: endpoint, smtp: endpoint, pop3: endpoint };
    const own = { service: "custom", modernAuthentication: false, password: "secret", hosts };
    const { id: emailAccountId } = await createEmailAccount(ada, accountForm(own));
    return (await createDevice(ada, { ...of, emailAccountId })).password;
  };
}
