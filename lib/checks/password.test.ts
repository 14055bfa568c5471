import { beforeAll, expect, test } from "vitest";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { listEmailAccounts } from "@/lib/email-accounts/queries";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { runTest } from "@/lib/testing/connection-test";
import { withInstallation } from "@/lib/testing/sandbox";
import { accountForm, allowPasswordMail } from "@/lib/testing/sign-in";

const sandbox = withInstallation();
const ada = administrator();

beforeAll(() => allowPasswordMail(sandbox()));

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

test("a protocol without a server is not tested, fails nothing, and is told", async () => {
  const { smtp } = sandbox().passwordMail;
  const { id } = await create({ hosts: { imap: null, smtp, pop3: null } });
  expect(await outcome(id)).toEqual(["skipped", "ok", "skipped"]);
  const told = { imapVerdict: "skipped", smtpVerdict: "ok", state: "password" };
  expect(await db().emailAccount.findUnique({ where: { id } })).toMatchObject(told);
  expect((await listEmailAccounts(ada, { server: smtp.host })).rows).toContainEqual(
    expect.objectContaining({ id }),
  );
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
