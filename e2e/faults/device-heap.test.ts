import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BareMail, startBareMail } from "@/e2e/servers/bare-mail-server";
import { createTestCertificate } from "@/e2e/servers/test-certificate";
import { openAuthority } from "@/lib/access/devices/authority/store";
import { createDevice } from "@/lib/access/devices/mutations";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { MAX_IN_PROCESS } from "@/lib/gateway/devices/sessions";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { Wire } from "@/lib/testing/device-gateway";
import { accountForm } from "@/lib/testing/sign-in";
import { commands } from "@/scripts/installation.mjs";
import { freePort } from "@/scripts/ports.mjs";
import { heldBy, TELLS_WHAT_IT_HOLDS } from "./held";
import { either, report } from "./long";
import { withPrograms } from "./programs";

/** A heap that is full ends the process, and with it every session: it has room for as many as are let in. */
let folder: string;
let server: BareMail;
let key: string | undefined;

// Before anything reads what the operator allows.
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "postkey-heap-"));
  const { certPem, keyPem, caPem } = await createTestCertificate(folder);
  server = await startBareMail({ cert: certPem, key: keyPem });
  process.env.POSTKEY_CA_FILE = join(folder, "ca.pem");
  writeFileSync(process.env.POSTKEY_CA_FILE, caPem);
  process.env.POSTKEY_PRIVATE_HOSTS = "localhost";
  process.env.POSTKEY_MAIL_PORTS = [server.imap, server.smtp].map(({ port }) => port).join();
});
withDatabase();
beforeAll(() => {
  key = process.env.POSTKEY_KEY;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const programs = withPrograms(`.build/test-heap-${process.pid}`);
const ada = administrator();
const ACCOUNTS = either({ short: 20, long: 60 });
/** As many as an account may have at once. */
const OF_ACCOUNT = 10;
/** What is in use before it is collected needs room as well. */
const MOST_OF_HEAP = 0.6;
test(`the heap of a gateway has room for its ${MAX_IN_PROCESS.toLocaleString("en")} sessions`, async () => {
  const imap = await freePort();
  const gateway = await programs.start("gateway", {
    nodeArgs: [...TELLS_WHAT_IT_HOLDS, ...HEAP],
    env: {
      ...(key !== undefined && { POSTKEY_KEY: key }),
      POSTKEY_DEVICE_LISTENERS: `imaps://127.0.0.1:${imap}`,
    },
  });
  const passwords = await createDevices();
  const ca = (await openAuthority()).certificate;
  const open = async (at: number) => {
    const session = await Wire.open(imap, ca);
    await session.ask(`a LOGIN mailbox${at}@contoso.test ${passwords[at]}`, /^a OK/m);
    return session;
  };
  // With the first one it has loaded and prepared what it needs for any.
  const sessions = [await open(0)];
  const before = await heldBy(gateway);
  for (let at = 1; at < ACCOUNTS; at += 1)
    sessions.push(...(await Promise.all(Array.from({ length: OF_ACCOUNT }, () => open(at)))));
  const after = await heldBy(gateway);
  for (const { socket } of sessions) socket.destroy();

  const ofSession = (after.heapMb - before.heapMb) / (sessions.length - 1);
  const whole = before.heapMb + ofSession * MAX_IN_PROCESS;
  report("heap of the gateway", {
    "before (MB)": before.heapMb.toFixed(0),
    "a session (KiB)": (ofSession * 1_024).toFixed(1),
    "all sessions (MB)": whole.toFixed(0),
    "of (MB)": HEAP_MB,
  });
  expect(whole).toBeLessThan(HEAP_MB * MOST_OF_HEAP);
}, 240_000);

/** As the product starts it. */
const HEAP = commands.gateway({ host: "", port: 0 }).filter((word) => /^--(max|single)/.test(word));
const HEAP_MB = Number(/old-space-size=(\d+)/.exec(HEAP.join(" "))?.[1]);

async function createDevices(): Promise<string[]> {
  const custom = { service: "custom", modernAuthentication: false, password: "p" };
  const hosts = { imap: server.imap, smtp: server.smtp, pop3: server.imap };
  const passwords: string[] = [];
  for (let at = 0; at < ACCOUNTS; at += 1) {
    const address = `mailbox${at}@contoso.test`;
    const form = { ...custom, hosts, emailAddress: address, username: address };
    const { id: emailAccountId } = await createEmailAccount(ada, accountForm(form));
    const protocols = ["imap" as const];
    const { password } = await createDevice(ada, { name: `${at}`, emailAccountId, protocols });
    passwords.push(password);
  }
  return passwords;
}
