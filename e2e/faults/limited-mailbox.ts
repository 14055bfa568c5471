import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { loadCertificates } from "@/e2e/sandbox/certificates";
import type { TestSandbox } from "@/e2e/sandbox/testing";
import { type BareMail, startBareMail } from "@/e2e/servers/bare-mail-server";

/** The cloud of the sandbox, with a mailbox that takes 30 messages in a while and three connections. */
export function withLimitedMailbox(sandbox: () => TestSandbox, spanMs: number) {
  const folder = mkdtempSync(join(tmpdir(), "postkey-limited-"));
  // A Postfix that keeps its queue in it runs as other users.
  chmodSync(folder, 0o755);
  let server: BareMail | undefined;
  beforeAll(async () => {
    const { certificatePem, privateKeyPem } = loadCertificates(sandbox().stateDir).server;
    const limits = { connections: 3, messages: 30, spanMs };
    server = await startBareMail({ cert: certificatePem, key: privateKeyPem }, limits);
    const clouds: { mail: object }[] = JSON.parse(readFileSync(sandbox().cloudFile, "utf8"));
    for (const cloud of clouds) Object.assign(cloud.mail, { smtp: server.smtp });
    process.env.POSTKEY_CLOUDS_FILE = join(folder, "clouds.json");
    writeFileSync(process.env.POSTKEY_CLOUDS_FILE, JSON.stringify(clouds));
  });
  afterAll(() => {
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const current = () => {
    if (!server) throw new Error("The mailbox is there during tests only.");
    return server;
  };
  return Object.assign(current, { folder });
}
