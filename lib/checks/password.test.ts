import { beforeAll, expect, test } from "vitest";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { runTest } from "@/lib/testing/connection-test";
import { setEnvironment } from "@/lib/testing/environment";
import { withInstallation } from "@/lib/testing/sandbox";
import { accountForm } from "@/lib/testing/sign-in";

const sandbox = withInstallation();
const ada = administrator();

beforeAll(() => {
  // What an operator writes to let accounts reach servers of his own network.
  const { imap, smtp, pop3 } = sandbox().passwordMail;
  const ports = [imap, smtp, pop3].map(({ port }) => port).join(",");
  setEnvironment({ POSTKEY_PRIVATE_HOSTS: "localhost", POSTKEY_MAIL_PORTS: ports });
});

function create(changes: Record<string, unknown> = {}) {
  const { address, password, imap, smtp, pop3 } = sandbox().passwordMail;
  const sign = { modernAuthentication: false, emailAddress: address, username: address, password };
  const hosts = { imap, smtp, pop3 };
  return createEmailAccount(ada, accountForm({ service: "custom", ...sign, hosts, ...changes }));
}

async function outcome(emailAccountId: string) {
  const { protocols } = await runTest(ada, emailAccountId);
  return Object.values(protocols).map(({ failure, verdict }) => failure?.remedyId ?? verdict);
}

test("a password opens the mailbox on hosts that the operator allows", async () => {
  const { id } = await create();
  expect(await outcome(id)).toEqual(["ok", "ok", "ok"]);
});

test("a wrong password is told as such", async () => {
  const { id } = await create({ password: "wrong" });
  expect(await outcome(id)).toEqual(Array(3).fill("password.refused"));
});

test("no other host inside the network is ever connected to, however it came into the row", async () => {
  const { id } = await create();
  const endpoint = { host: "127.0.0.1", port: 993, tls: "implicit" };
  const hosts = { imap: endpoint, smtp: endpoint, pop3: endpoint };
  await db().emailAccount.update({ where: { id }, data: { hosts } });
  expect(await outcome(id)).toEqual(Array(3).fill("egress.private_address"));
});

test("a password that cannot be opened is locked, and never sent", async () => {
  const { id } = await create();
  await db().emailAccount.update({ where: { id }, data: { passwordSealed: "v2.x.y.z.a" } });
  const before = sandbox().requests().counts["imap login"];
  expect(await outcome(id)).toEqual(Array(3).fill("postkey.locked"));
  expect(sandbox().requests().counts["imap login"]).toBe(before);
});
