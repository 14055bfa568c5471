import { beforeEach, expect, test } from "vitest";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import { administrator } from "@/lib/testing/actors";
import { empty, withDatabase } from "@/lib/testing/database";
import { seedProvider, setTests } from "@/lib/testing/outage";
import { findIncident, listOpenIncidents } from "./queries";
import { remedyOfIncident } from "./repair";
import { watchIncidents } from "./watch";

withDatabase();
const ada = administrator();
const T0 = Date.parse("2026-11-25T00:00:00Z");
const OFF = "smtp.auth_disabled_mailbox";

beforeEach(() => empty("Incident", "Alert", "EmailAccount", "CloudProvider"));

const watchAt = (minutes: number) =>
  watchIncidents({ now: new Date(T0 + minutes * MINUTE_MS), enqueue: async () => {} });

/** An incident that lasted long enough to be announced. */
async function openIncident() {
  for (const minutes of [0, 10]) await watchAt(minutes);
  const [open] = (await listOpenIncidents(ada)).rows;
  const incident = await findIncident(ada, open?.id ?? "");
  if (!incident) throw new Error("There is no incident.");
  const { command } = fillRemedy(findRemedy(incident.remedyId), {}, incident.mailboxes);
  return { script: command?.text ?? "", incident };
}

const alertText = async () => (await db().alert.findFirstOrThrow()).text;

test("an incident of many accounts has one script with every mailbox in it, which its alert leads to", async () => {
  await setTests(await seedProvider({ accounts: 74 }), OFF);
  const { script } = await openIncident();
  expect(script.match(/'m\d+@contoso\.test'/g)).toHaveLength(74);
  expect(script).not.toContain("<mailbox>");
  expect(script).toMatch(/\) \| ForEach-Object \{ Set-CASMailbox -Identity \$_ [^}]+\}$/);
  expect(await alertText()).not.toContain("ForEach-Object");
});

test("its alert brings the script along, as long as it is short", async () => {
  await setTests(await seedProvider({ accounts: 3 }), OFF);
  const username = "o'neil@contoso.test";
  await db().emailAccount.updateMany({ where: { key: "K2" }, data: { username } });
  await openIncident();
  expect(await alertText()).toContain("@(\n  'm1@contoso.test'\n");
  expect(await alertText()).toContain("\n  'o''neil@contoso.test'\n");
});

test("of a shared mailbox it names the mailbox and who opens it", async () => {
  const id = await seedProvider({ accounts: 2 });
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
  expect(told?.buttons.map(({ kind }) => kind)).not.toContain("show_command");
  const opens = `/settings/cloud-providers/${told?.cloudProviderId}/edit?field=hosts`;
  expect(told?.buttons.map(({ does }) => does)).toContainEqual({ opens });
});

test("while it recovers, a remedy names no button, for there is none", async () => {
  const id = await seedProvider();
  await setTests(id, "imap.not_connected");
  const { incident } = await openIncident();
  const stepsOf = async (each: typeof incident) => (await remedyOfIncident(ada, each)).steps.join();
  expect(await stepsOf(incident)).toContain("ress Test again");
  await setTests(id, null);
  await watchAt(20);
  const recovering = await findIncident(ada, incident.id);
  if (!recovering?.quietSince) throw new Error("It does not recover.");
  expect(await stepsOf(recovering)).not.toContain("ress Test again");
  expect((await listOpenIncidents(ada)).rows).toMatchObject([{ buttons: [] }]);
});
