import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDevice } from "@/lib/access/devices/mutations";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { askCurl, askPython } from "@/lib/testing/device-clients";
import { withDeviceGateway } from "@/lib/testing/device-gateway";
import { ALICE, accountForm } from "@/lib/testing/sign-in";

/** Takes no connection, and refuses none: its queue is full. */
const FULL = `import socket, time
server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen(0)
waiting = [socket.socket() for _ in range(8)]
for each in waiting:
    each.setblocking(False)
    each.connect_ex(server.getsockname())
print(server.getsockname()[1], flush=True)
time.sleep(600)`;

let full: ChildProcess | undefined;
let port: number;

// Before anything reads what the operator allows.
beforeAll(async () => {
  full = spawn("python3", ["-c", FULL], { stdio: ["ignore", "pipe", "inherit"] });
  const [printed] = full.stdout ? await once(full.stdout, "data") : [];
  port = Number(String(printed));
  process.env.POSTKEY_PRIVATE_HOSTS = "localhost";
  process.env.POSTKEY_MAIL_PORTS = String(port);
});
afterAll(() => full?.kill());

/** What a device hears while the server of its account can't be reached: that it may come again. */
withDatabase();
const gateway = withDeviceGateway();
const ada = administrator();
const PASSING = ["[UNAVAILABLE]", "-ERR [SYS/TEMP]", "454 4.7.0"];

async function heardFor(server: { host: string; port: number }) {
  const at = { ...server, tls: "implicit" };
  const custom = { service: "custom", modernAuthentication: false, password: "p" };
  const form = accountForm({ ...custom, hosts: { imap: at, smtp: at, pop3: at } });
  const { id: emailAccountId } = await createEmailAccount(ada, form);
  const protocols = ["imap" as const, "pop3" as const, "smtp" as const];
  const { password } = await createDevice(ada, { name: "Scanner", emailAccountId, protocols });
  const { imaps: imap, pop3s: pop3, smtps: smtp } = gateway().ports;
  const of = { ports: { imap, pop3, smtp }, caFile: gateway().caFile, user: ALICE, password };
  return [await askPython(of), await askCurl(of)];
}

test("its name is not found", async () => {
  expect(await heardFor({ host: "mail.nowhere.invalid", port: 993 })).toEqual([PASSING, PASSING]);
}, 60_000);

test("it does not take the connection", async () => {
  expect(await heardFor({ host: "localhost", port })).toEqual([PASSING, PASSING]);
}, 150_000);
