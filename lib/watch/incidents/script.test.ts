import { beforeEach, expect, test } from "vitest";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { seedProvider, setTests, setTokens } from "@/lib/testing/outage";
import { findIncident, listOpenIncidents } from "./queries";
import { remedyOfIncident } from "./repair";
import { watchIncidents } from "./watch";

withDatabase();
const ada = administrator();
const T0 = Date.parse("2026-11-25T00:00:00Z");

beforeEach(async () => {
  await db().$executeRaw`TRUNCATE "Incident", "Alert", "EmailAccount", "CloudProvider" CASCADE`;
});

/** An incident that lasted long enough to be announced. */
async function openIncident() {
  for (const minutes of [0, 10])
    await watchIncidents({
      now: new Date(T0 + minutes * MINUTE_MS),
      enqueue: async () => {},
    });
  const [open] = (await listOpenIncidents(ada)).rows;
  const incident = await findIncident(ada, open?.id ?? "");
  if (!incident) throw new Error("There is no incident.");
  const { command } = fillRemedy(findRemedy(incident.remedyId), {}, incident.mailboxes);
  return { script: command?.text ?? "", incident };
}

const alertText = async () => (await db().alert.findFirstOrThrow()).text;

test("an incident of 74 accounts has one script, with every mailbox in it", async () => {
  await setTests(await seedProvider({ accounts: 74 }), "smtp.auth_disabled_mailbox");
  const { script } = await openIncident();
  expect(script.match(/'m\d+@contoso\.test'/g)).toHaveLength(74);
  expect(script).not.toContain("<mailbox>");
  expect(script).toMatch(
    /\) \| ForEach-Object \{ Set-CASMailbox -Identity \$_ -SmtpClientAuthenticationDisabled \$false \}$/,
  );
});

test("an incident of more than a thousand says how many are in its script", async () => {
  await setTests(await seedProvider({ accounts: 1_200 }), "smtp.auth_disabled_mailbox");
  const { script, incident } = await openIncident();
  expect(script).toMatch(/^# 1,000 of 1,200 are named here\./);
  expect(incident.stoppedAccounts).toHaveLength(100);
});

test("its alert brings the script along, as long as it is short", async () => {
  await setTests(await seedProvider({ accounts: 3 }), "smtp.auth_disabled_mailbox");
  await db().emailAccount.updateMany({
    where: { key: "K2" },
    data: { username: "o'neil@contoso.test" },
  });
  await openIncident();
  const text = await alertText();
  expect(text).toContain("Exchange Online PowerShell:\n\n@(\n  'm1@contoso.test'\n");
  expect(text).toContain("\n  'o''neil@contoso.test'\n");
  expect(text).not.toContain("on its page");
});

test("the alert of many names the page that has the script", async () => {
  await setTests(await seedProvider({ accounts: 51 }), "smtp.auth_disabled_mailbox");
  await openIncident();
  expect(await alertText()).toContain("One script for all of these accounts is on");
  expect(await alertText()).not.toContain("ForEach-Object");
});

test("of sign-ins it names who signs in, and of a shared mailbox the mailbox and who opens it", async () => {
  const id = await seedProvider({ accounts: 2 });
  await setTokens(id, { state: "sign_in_again", failureId: "AADSTS50173" });
  expect((await openIncident()).script).toContain("\n  'm2@contoso.test'\n");
  await setTokens(id, null);
  await db().$executeRaw`TRUNCATE "Incident", "Alert" CASCADE`;
  await db().emailAccount.updateMany({ data: { mailbox: "info@contoso.test" } });
  await setTests(id, "imap.no_full_access");
  expect((await openIncident()).script).toContain(
    "@{ Mailbox = 'info@contoso.test'; Login = 'm2@contoso.test' }",
  );
});

test("an incident whose command is about one server offers none", async () => {
  await setTests(await seedProvider({ accounts: 3 }), "dns.not_found");
  await openIncident();
  const [told] = (await listOpenIncidents(ada)).rows;
  expect(told?.buttons.map(({ kind }) => kind)).not.toContain("copy_command");
  expect(told?.steps.join(" ")).not.toMatch(/command/);
  expect(told?.nextStep).toBe("Correct the host under Hosts of the cloud provider.");
  const deeds = told?.buttons.map(({ does }) => does);
  const provider = `/settings/cloud-providers/${told?.cloudProviderId}`;
  expect(deeds).toContainEqual({ opens: `${provider}/edit?field=hosts` });
});

test("while it recovers, a remedy names no button, for there is none", async () => {
  const id = await seedProvider({ accounts: 1 });
  await setTests(id, "imap.not_connected");
  const { incident } = await openIncident();
  const stepsOf = async (each: typeof incident) => (await remedyOfIncident(ada, each)).steps.join();
  expect(await stepsOf(incident)).toContain("ress Test again");
  await setTests(id, null);
  const now = new Date(T0 + 20 * MINUTE_MS);
  await watchIncidents({ now, enqueue: async () => {} });
  const recovering = await findIncident(ada, incident.id);
  if (!recovering?.quietSince) throw new Error("It does not recover.");
  expect(recovering.accountNames).toHaveLength(1);
  expect(await stepsOf(recovering)).toContain("est the email account again");
  expect(await stepsOf(recovering)).not.toContain("ress Test again");
  expect((await listOpenIncidents(ada)).rows).toMatchObject([
    {
      nextStep:
        "You don't need to do anything: it no longer fails. Postkey resolves it at 2026-11-25 00:30 UTC unless it fails again.",
      buttons: [],
    },
  ]);
});
