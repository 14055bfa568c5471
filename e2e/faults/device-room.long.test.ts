import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BareMail, startBareMail } from "@/e2e/servers/bare-mail-server";
import { createTestCertificate } from "@/e2e/servers/test-certificate";
import { openAuthority } from "@/lib/devices/authority/store";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { MAX_IN_PROCESS } from "@/lib/gateway/devices/sessions";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { Wire } from "@/lib/testing/device-gateway";
import { folderOfFile } from "@/lib/testing/folder";
import { report } from "@/lib/testing/long";
import { createDevice } from "@/lib/testing/made";
import { accountForm } from "@/lib/testing/sign-in";
import { commands } from "@/scripts/installation.mjs";
import { freePort } from "@/scripts/ports.mjs";
import { heldBy, TELLS_WHAT_IT_HOLDS } from "./held";
import { withPrograms } from "./programs";

/** Memory or files that are used up strike every session: a gateway has room for as many as it lets in. */
const folder = folderOfFile();
let server: BareMail;
let passwords: string[];

// Before anything reads what the operator allows.
beforeAll(async () => {
  const { certPem, keyPem, caPem } = await createTestCertificate(folder);
  server = await startBareMail({ cert: certPem, key: keyPem });
  process.env.POSTKEY_CA_FILE = join(folder, "ca.pem");
  writeFileSync(process.env.POSTKEY_CA_FILE, caPem);
  process.env.POSTKEY_PRIVATE_HOSTS = "localhost";
  process.env.POSTKEY_MAIL_PORTS = [server.imap, server.smtp].map(({ port }) => port).join();
});
withDatabase();
const programs = withPrograms("gateway");
beforeAll(async () => {
  passwords = await createDevices();
}, 60_000);
afterAll(() => server.close());

const ada = administrator();
const ACCOUNTS = 60;
/** As many as an account may have at once. */
const OF_ACCOUNT = 10;
/** What is in use before it is collected needs room as well. */
const MOST_OF_HEAP = 0.6;
test(`the heap of a gateway has room for its ${MAX_IN_PROCESS.toLocaleString("en")} sessions`, async () => {
  const { gateway, open } = await start("imaps", {
    nodeArgs: [...TELLS_WHAT_IT_HOLDS, ...HEAP],
  });
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

test("a gateway lets in as many as it has files for, whatever is silent at its API, and says so", async () => {
  const { gateway, open } = await start("imap", { files: 192 });
  const room = 48;
  expect(gateway.lines.join("\n")).toContain(
    `192 files, enough for ${room} connections of devices`,
  );
  const silent = Array.from({ length: 100 }, () => connect(gateway.port).on("error", () => {}));
  const sessions = [];
  for (let at = 0; at < room; at += 1) sessions.push(await open(at % ACCOUNTS));
  await expect(open(0)).rejects.toThrow("Too many devices are connected.");
  sessions.pop()?.socket.destroy();
  await expect.poll(() => open(0).then(() => "in", String), { timeout: 10_000 }).toBe("in");
  expect(await sessions[0]?.ask("b NOOP", /^b OK/m)).toContain("b OK");
  expect(gateway.lines.join("\n")).not.toMatch(/EMFILE/);
  for (const socket of silent) socket.destroy();
}, 120_000);

async function start(kind: "imap" | "imaps", how: { nodeArgs?: string[]; files?: number }) {
  const port = await freePort();
  const env = { POSTKEY_DEVICE_LISTENERS: `${kind}://127.0.0.1:${port}` };
  const gateway = await programs.start("gateway", { ...how, env });
  const ca = kind === "imaps" ? (await openAuthority()).certificate : undefined;
  const open = async (at: number) => {
    const session = await Wire.open(port, ca);
    await session.ask(`a LOGIN mailbox${at}@contoso.test ${passwords[at]}`, /^a OK/m);
    return session;
  };
  return { gateway, open };
}

/** As the product starts it. */
const HEAP = commands
  .gateway({ host: "", port: 0, env: { POSTKEY_DEVICE_LISTENERS: "[]" } })
  .filter((word) => /^--(max|single)/.test(word));
const HEAP_MB = Number(/old-space-size=(\d+)/.exec(HEAP.join(" "))?.[1]);

async function createDevices(): Promise<string[]> {
  const custom = { service: "custom", modernAuthentication: false, password: "p" };
  const hosts = { imap: server.imap, smtp: server.smtp, pop3: server.imap };
  const made: string[] = [];
  for (let at = 0; at < ACCOUNTS; at += 1) {
    const address = `mailbox${at}@contoso.test`;
    const form = { ...custom, hosts, emailAddress: address, username: address };
    const { id: emailAccountId } = await createEmailAccount(ada, accountForm(form));
    const protocols = ["imap" as const];
    const { password } = await createDevice(ada, { name: `${at}`, emailAccountId, protocols });
    made.push(password);
  }
  return made;
}
