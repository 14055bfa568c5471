import { beforeAll, expect, test } from "vitest";
import { getAccessToken } from "@/lib/email-accounts/access-token";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { runTest } from "@/lib/testing/connection-test";
import { enterPassword } from "@/lib/testing/credentials";
import { withInstallation } from "@/lib/testing/sandbox";
import { expectNoSecret } from "@/lib/testing/secrets";
import { accountForm, connectedAccount } from "@/lib/testing/sign-in";
import { PROTOCOLS } from "./schema";

const sandbox = withInstallation();
const ada = administrator();
const PASSWORD = "canary-password-4711";
let emailAccountId: string;
let passwordAccountId: string;

beforeAll(async () => {
  const connected = await connectedAccount(ada, sandbox());
  emailAccountId = connected.emailAccountId;
  const form = accountForm({ modernAuthentication: false, password: PASSWORD });
  passwordAccountId = (await createEmailAccount(ada, form)).id;
  const { cloudProviderId } = connected;
  await db().emailAccount.update({ where: { id: passwordAccountId }, data: { cloudProviderId } });
  await enterPassword(passwordAccountId, PASSWORD);
});

/** Everything that a test reported and stored. */
async function toldAndStored(id: string) {
  const { events, protocols } = await runTest(ada, id);
  const stored = await db().connectionTest.findFirst({
    where: { emailAccountId: id },
    orderBy: { startedAt: "desc" },
  });
  return { events, stored, protocols };
}

test.each(["none", "imap_disabled", "smtp_auth_disabled_mailbox", "mail_drop", "no_xoauth2"])(
  "with the fault %s neither the token nor the password is told or stored",
  async (fault) => {
    if (fault !== "none") sandbox().faults.set(fault);
    const { accessToken } = await getAccessToken(ada, emailAccountId, "test");
    expectNoSecret(await toldAndStored(emailAccountId), accessToken);
    expectNoSecret(await toldAndStored(passwordAccountId), PASSWORD);
  },
);

test("each protocol has its transcript, told and stored alike", async () => {
  const { protocols, stored } = await toldAndStored(emailAccountId);
  for (const protocol of PROTOCOLS) {
    const said = protocols[protocol].transcript ?? [];
    expect(said[0]).toMatchObject({ by: "server" });
    expect(said.some(({ text }) => text.includes("XOAUTH2 ‹token of"))).toBe(protocol === "imap");
    expect(JSON.stringify(stored?.report)).toContain(
      JSON.stringify(said.at(-1)?.text).slice(1, -1),
    );
    const times = said.map(({ ms }) => ms);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  }
});

test("a server's markup stays text", async () => {
  sandbox().faults.set("xss_banner");
  const { protocols } = await toldAndStored(emailAccountId);
  for (const protocol of PROTOCOLS) {
    const [greeting] = protocols[protocol].transcript ?? [];
    expect(greeting?.text).toContain("<");
    expect(greeting?.text).not.toMatch(/\p{Cc}/u);
  }
});
