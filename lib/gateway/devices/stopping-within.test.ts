import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dialogue, type ScriptedServer, startScriptedServer } from "@/e2e/servers/scripted-server";
import { createTestCertificate } from "@/e2e/servers/test-certificate";
import { createDevice } from "@/lib/access/devices/mutations";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { Wire } from "@/lib/testing/device-gateway";
import { ALICE, accountForm } from "@/lib/testing/sign-in";
import { startDeviceListeners } from "./listeners";

/** A gateway that stops while a message of POP3 is under way and nothing of it has come for a while. */
let directory: string;
let server: ScriptedServer;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "postkey-within-"));
  const certificate = await createTestCertificate(join(directory, "certificate"));
  const half = "+OK Here it is.\r\nSubject: Long\r\n\r\nThe first half.";
  const talk = dialogue("+OK Ready.", [
    [/^USER/, "+OK"],
    [/^PASS/, "+OK In."],
    [/^RETR/, half],
  ]);
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

async function device(): Promise<string> {
  const ada = administrator();
  const endpoint = { host: "localhost", port: server.port, tls: "implicit" } as const;
  const hosts = { imap: endpoint, smtp: endpoint, pop3: endpoint };
  const own = { service: "custom", modernAuthentication: false, password: "secret", hosts };
  const { id: emailAccountId } = await createEmailAccount(ada, accountForm(own));
  const protocols = ["pop3" as const];
  return (await createDevice(ada, { name: "Fetcher", emailAccountId, protocols })).password;
}

test("no line of the gateway gets into the message: the connection ends", async () => {
  const password = await device();
  const listener = { protocol: "pop3", tls: "starttls", host: "127.0.0.1", port: 0 } as const;
  const { ports, stop } = await startDeviceListeners([{ ...listener, plaintext: [] }]);
  const wire = await Wire.open(ports[0] ?? 0);
  await wire.until(/\r\n/);
  await wire.ask(`USER ${ALICE}`, /^\+OK/);
  await wire.ask(`PASS ${password}`, /^\+OK Logged/);
  await wire.ask("RETR 1", /first half\.\r\n/);
  await stop();
  expect(await wire.closed()).toBe("");
}, 40_000);
